"""Where the pieces of an object stand: block style, keys in the order given, ``- `` under the key that holds the list.

The shape is kubectl's own. Refuses anchors, aliases, tags and every type that JSON does not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

from milepost.emit.scalars import STEP, scalar, value

KEY = -1
"""In the place of an indentation: this text is a key and stays on its line."""

Piece = TypeVar("Piece")


_known = lru_cache(maxsize=4096)(scalar)
"""Keys and words of Kubernetes stand in every object."""


class Layout(Generic[Piece]):
    """Writes an object piece by piece into ``pieces``. What a piece of text becomes is the subclass's choice."""

    def __init__(self) -> None:
        self.pieces: list[str | Piece] = []

    def text(self, text: str, indent: int) -> None:
        """A string; ``indent`` is where lines of a literal would start, or KEY."""
        self.pieces.append(_known(text) if indent == KEY or "\n" not in text else value(text, indent))

    def keys(self, keys: Iterable[str]) -> None:
        """The keys of a mapping, before they are written."""

    def node(self, node: Any, indent: int) -> None:
        """Any value, after ``- `` or at the start of a document; further lines start at column ``indent``."""
        if isinstance(node, str):
            self.text(node, indent)
        elif node and isinstance(node, dict):
            self._mapping(node, indent)
        elif node and isinstance(node, list | tuple):
            self._sequence(node, indent)
        else:
            self.pieces.append(_other(node))

    def _mapping(self, node: dict[str, Any], indent: int) -> None:
        self.keys(node)
        separator = ""
        for key, child in node.items():
            if separator:
                self.pieces.append(separator)
            separator = "\n" + " " * indent
            self.text(key, KEY)
            self._child(child, indent)

    def _child(self, child: Any, indent: int) -> None:
        if isinstance(child, str):
            self.pieces.append(": ")
            self.text(child, indent + STEP)
        elif child and isinstance(child, dict):
            self.pieces.append(":\n" + " " * (indent + STEP))
            self._mapping(child, indent + STEP)
        elif child and isinstance(child, list | tuple):
            self.pieces.append(":\n" + " " * indent)
            self._sequence(child, indent)
        else:
            self.pieces.append(": " + _other(child))

    def _sequence(self, node: Sequence[Any], indent: int) -> None:
        dash = "- "
        for item in node:
            self.pieces.append(dash)
            dash = "\n" + " " * indent + "- "
            self.node(item, indent + STEP)


def _other(node: Any) -> str:
    """Everything that is not text. Raises TypeError for what JSON does not have."""
    if node is None:
        return "null"
    if isinstance(node, bool):
        return "true" if node else "false"
    if isinstance(node, int):
        return str(int(node))
    if isinstance(node, float):
        return _number(node)
    if isinstance(node, dict):
        return "{}"
    if isinstance(node, list | tuple):
        return "[]"
    raise TypeError(f"no YAML for a {type(node).__name__}")


def _number(node: float) -> str:
    """YAML 1.1 wants a point in a float (``1.0e+16``), and words of its own for what is not a number."""
    text = repr(node)
    if text[-1] in "fn":
        return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}[text]
    head, e, exponent = text.partition("e")
    return f"{head}.0e{exponent}" if e and "." not in head else text
