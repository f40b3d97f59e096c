"""A compiled manifest template: literal bytes between the placeholders that instances fill.

An instance then costs one evaluation for each distinct text with placeholders, and one join. A filled text is quoted as it would
be if it stood there from the start, so a stamped file is byte for byte the serialised filled objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from milepost.emit.yaml.yaml_layout import KEY, YamlLayout
from milepost.emit.yaml.yaml_scalars import scalar, value
from milepost.model.manifest import (
    PLACEHOLDER_OPEN,
    RepeatedItem,
    filler,
    placeholder,
    placeholder_names,
)

SEPARATOR = "---\n"


class DuplicateKeyError(ValueError):
    """Two keys of one mapping are the same text once their placeholders are filled."""


Write = Callable[[str], str]
"""Filled text to YAML."""


class Slot(NamedTuple):
    """A text with placeholders and the indentation of its place (KEY where it must stay on its line)."""

    text: str
    indent: int
    write: Write | None = None
    """How it is written, where that is not as the one value that stands there."""


class Expression(NamedTuple):
    """An expression of placeholders: ``write(fill(values))`` is the filled text as YAML."""

    write: Write
    fill: Callable[[Mapping[str, str]], str]


class _SlotLayout(YamlLayout[Slot]):
    """Leaves texts with placeholders open, and remembers mappings whose keys may fall together."""

    def __init__(self) -> None:
        super().__init__()
        self.open_keys: list[tuple[str, ...]] = []

    def text(self, text: str, indent: int) -> None:
        if PLACEHOLDER_OPEN in text:
            self.pieces.append(Slot(text, indent))
        else:
            super().text(text, indent)

    def key(self, key: str, mapping: Mapping[str, Any]) -> None:
        if PLACEHOLDER_OPEN in key:
            self.open_keys.append(tuple(mapping))
        super().key(key, mapping)

    def node(self, node: Any, indent: int, before: str = "") -> None:
        if isinstance(node, RepeatedItem):
            self.pieces.append(Slot(placeholder(node.name), indent, _repeated(node, indent, before)))
        else:
            super().node(node, indent, before)


def _repeated(item: RepeatedItem, indent: int, dash: str) -> Write:
    """Writes an item as often as there are values in the text that fills its placeholder."""
    layout = _SlotLayout()
    layout.node(dict(item), indent, dash)
    [slot] = [piece for piece in layout.pieces if isinstance(piece, Slot)]
    place = layout.pieces.index(slot)
    before, after = ("".join(map(str, part)) for part in (layout.pieces[:place], layout.pieces[place + 1 :]))
    head, _, tail = slot.text.partition(placeholder(item.name))
    return lambda filling: "".join(
        [f"{before}{scalar(f'{head}{own}{tail}')}{after}" for own in item.parted(filling)]
    )


class CompiledTemplate:
    """A compiled manifest template: the objects of one file.

    ``many_lines`` names the placeholders whose values may hold line breaks.
    """

    def __init__(self, bodies: Iterable[Mapping[str, Any]], many_lines: frozenset[str] = frozenset()) -> None:
        layout = _SlotLayout()
        for body in bodies:
            if layout.pieces:
                layout.pieces.append(SEPARATOR)
            layout.node(body, 0)
            layout.pieces.append("\n")
        self._many_lines = many_lines
        self._places: dict[Slot, int] = {}
        self._parts: list[bytes] = []
        self._in_order = _picked(self._cut(layout.pieces))
        self._expressions = tuple(_expression(slot) for slot in self._places)
        self._open_keys = tuple(tuple(map(filler, keys)) for keys in layout.open_keys)

    def _cut(self, pieces: Iterable[str | Slot]) -> list[int]:
        """Literals to even places of ``_parts``; odd places are left for the slots, whose numbers it gives."""
        literal: list[str] = []
        order: list[int] = []
        for piece in pieces:
            if isinstance(piece, Slot):
                self._parts += ("".join(literal).encode(), b"")
                literal = []
                # A text that occurs ten times in a file is filled and quoted once for each
                # station.
                order.append(self._places.setdefault(self._shared(piece), len(self._places)))
            else:
                literal.append(piece)
        self._parts.append("".join(literal).encode())
        return order

    def _shared(self, slot: Slot) -> Slot:
        """A text that stays on one line is the same YAML at every indentation."""
        if slot.write or "\n" in slot.text or not self._many_lines.isdisjoint(placeholder_names(slot.text)):
            return slot
        return Slot(slot.text, KEY)

    def instance(self, values: Mapping[str, str]) -> bytes:
        """The file's bytes. Raises KeyError for a placeholder without a value, DuplicateKeyError."""
        parts = self._parts.copy()
        # One slice and one join instead of a loop over the pieces: this runs for every file of
        # the fleet (ADR 0003).
        parts[1::2] = self.fills(values)
        return b"".join(parts)

    def fills(self, values: Mapping[str, str]) -> Sequence[bytes]:
        """What stands between the literals, in order. Raises as ``instance``."""
        for fillers in self._open_keys:
            _all_different([fill(values) for fill in fillers])
        filled = [write(fill(values)).encode() for write, fill in self._expressions]
        return self._in_order(filled)

    @property
    def literals(self) -> list[bytes]:
        """The bytes that every instance shares; one more than there are fills."""
        return self._parts[::2]


def _picked(order: Sequence[int]) -> Callable[[list[bytes]], Sequence[bytes]]:
    """Takes a list's entries in ``order``, entries more than once."""
    if len(order) > 1:
        # With a single index it gives the item and not a sequence, hence the other branch.
        return itemgetter(*order)
    return lambda filled: [filled[place] for place in order]


def _expression(slot: Slot) -> Expression:
    write = slot.write or (scalar if slot.indent == KEY else partial(value, indent=slot.indent))
    return Expression(write, filler(slot.text))


def _all_different(keys: Sequence[str]) -> None:
    if len(set(keys)) < len(keys):
        twice = sorted(key for key in set(keys) if keys.count(key) > 1)
        raise DuplicateKeyError(f"one mapping has the key {twice[0]!r} twice")
