"""YAML layout: block style, keys in the order given, ``- `` under the key that holds the list.

The shape is kubectl's own. Refuses anchors, aliases, tags and every type that JSON does not have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from milepost.emit.yaml.yaml_scalars import STEP, scalar, value

KEY = -1
"""In the place of an indentation: this text is a key and stays on its line."""

Piece = TypeVar("Piece")


_written: dict[str, str] = {}
"""Text to its YAML, where that is one line whatever stands around it: keys and words of Kubernetes stand in every object."""
_MOST_WRITTEN = 2**14


class YamlLayout(Generic[Piece]):
    """Writes an object piece by piece into ``pieces``. What a piece of text becomes is the subclass's choice."""

    def __init__(self) -> None:
        self.pieces: list[str | Piece] = []

    def text(self, text: str, indent: int) -> None:
        """A string; ``indent`` is where lines of a literal would start, or KEY. Called where ``_written`` has it not."""
        if "\n" in text:
            self.pieces.append(scalar(text) if indent == KEY else value(text, indent))
            return
        line = scalar(text)
        # Bounded, since a process may compile many provinces. Words of Kubernetes come first
        # and stay.
        if len(_written) < _MOST_WRITTEN:
            _written[text] = line
        self.pieces.append(line)

    def key(self, key: str, mapping: Mapping[str, Any]) -> None:
        """A key of ``mapping``. Called where ``_written`` has it not."""
        self.text(key, KEY)

    def node(self, node: Any, indent: int, before: str = "") -> None:
        """Any value, after ``before`` or at the start of a document; further lines start at column ``indent``."""
        if isinstance(node, str):
            self._text(node, indent, before)
        # Empty mappings and lists are falsy and go to `_other`, as `{}` and `[]`: block style
        # has no way to write them.
        elif node and isinstance(node, dict):
            self.pieces.append(before)
            self._mapping(node, indent)
        elif node and isinstance(node, list | tuple):
            self.pieces.append(before)
            self._sequence(node, indent)
        else:
            self.pieces.append(before + _other(node))

    def _text(self, text: str, indent: int, before: str) -> None:
        """A string after ``before``, in one piece where possible: pieces are what a layout takes its time for."""
        line = _written.get(text)
        if line is not None:
            self.pieces.append(before + line)
        else:
            self.pieces.append(before)
            self.text(text, indent)

    def _mapping(self, node: dict[str, Any], indent: int) -> None:
        before, line = "", "\n" + " " * indent
        for key, child in node.items():
            written = _written.get(key)
            if written is None:
                self.pieces.append(before)
                self.key(key, node)
                self._child(child, indent, "")
            else:
                self._child(child, indent, before + written)
            before = line

    def _child(self, child: Any, indent: int, key: str) -> None:
        """What stands under a key; ``key`` is what is still to be written before its colon."""
        if isinstance(child, str):
            self._text(child, indent + STEP, key + ": ")
        elif child and isinstance(child, dict):
            self.pieces.append(f"{key}:\n{' ' * (indent + STEP)}")
            self._mapping(child, indent + STEP)
        elif child and isinstance(child, list | tuple):
            self.pieces.append(f"{key}:\n{' ' * indent}")
            self._sequence(child, indent)
        else:
            self.pieces.append(f"{key}: {_other(child)}")

    def _sequence(self, node: Sequence[Any], indent: int) -> None:
        dash, line = "- ", "\n" + " " * indent + "- "
        for item in node:
            self.node(item, indent + STEP, dash)
            dash = line


def _other(node: Any) -> str:
    """Everything that is not text. Raises TypeError for what JSON does not have."""
    if node is None:
        return "null"
    # Before `int`: a bool is an int in Python, and would be written `1`.
    if isinstance(node, bool):
        return "true" if node else "false"
    if isinstance(node, int):
        # A subclass of int may print itself in another way.
        return str(int(node))
    if isinstance(node, float):
        return _number(node)
    if isinstance(node, dict):
        return "{}"
    if isinstance(node, list | tuple):
        return "[]"
    raise TypeError(f"no YAML for a {type(node).__name__}")


def _number(node: float) -> str:
    """YAML 1.1 requires a point in a float (``1.0e+16``), and writes infinity and NaN as ``.inf`` and ``.nan``."""
    text = repr(node)
    if text[-1] in "fn":
        return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}[text]
    head, e, exponent = text.partition("e")
    return f"{head}.0e{exponent}" if e and "." not in head else text
