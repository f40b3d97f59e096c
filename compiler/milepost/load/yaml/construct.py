"""YAML construction: events to plain values. Strict where readers differ: a fault is reported and reading goes on.

The first of two equal keys wins (and the second is an error), ``<<`` merges below what is written, aliases share their
value. What aliases may add is bounded by the length of the text, depth by a constant, so no file can blow up a reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from milepost.diagnostics import Sink
from milepost.load.decode import ODD_CHARACTER
from milepost.load.yaml.parse import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    YamlError,
    open_events,
)
from milepost.load.yaml.scalar_types import AmbiguousScalarError, Meaning, changes_digits, spec_meaning
from milepost.load.yaml.yaml_faults import YamlFaults
from milepost.model.record import by_value

DEEPEST = 100
"""Levels of nesting."""
_ALIASES_FOR_FREE = 10_000
_NON_STRINGS = {"tag:yaml.org,2002:map": MappingStartEvent, "tag:yaml.org,2002:seq": SequenceStartEvent}


class _GiveUpError(Exception):
    """The document cannot be read on; the reason is in the sink."""


@by_value
class _Anchored:
    value: Any
    size: int
    height: int


def construct(text: str, path: str, sink: Sink, meaning: Meaning = spec_meaning) -> list[Any]:
    """The value of every document of a text, in order. Where syntax is broken the list ends early."""
    return list(_Constructor(text, path, sink, meaning).documents())


class _Constructor:
    def __init__(self, text: str, path: str, sink: Sink, meaning: Meaning) -> None:
        self._text, self._meaning, self._faults = text, meaning, YamlFaults(text, path, sink)
        self._next: Callable[[], Any] = open_events(text)
        self._anchors: dict[str, _Anchored | None] = {}
        self._extra = self._count = self._deepest = 0

    def documents(self) -> Iterator[Any]:
        try:
            while type(event := self._next()) is not StreamEndEvent:
                if type(event) is DocumentStartEvent:
                    # Anchors end with their document (YAML 1.2.2, 3.2.2.2): the events alone
                    # would let an alias reach the document before.
                    self._anchors.clear()
                    yield self._value(self._next(), 0)
        except YamlError as error:
            self._faults.syntax(error)
        except _GiveUpError:
            pass

    def _value(self, event: Any, depth: int) -> Any:
        kind = type(event)
        self._count += 1
        if kind is AliasEvent:
            return self._alias(event, depth)
        if event.anchor is not None:
            return self._anchored(event, depth)
        return self._content(event, depth)

    def _content(self, event: Any, depth: int) -> Any:
        kind = type(event)
        if kind is ScalarEvent:
            return self._scalar(event)
        if event.tag is not None and _NON_STRINGS.get(event.tag) is not kind:
            self._faults.tag(event)
        # Counted by us: Python's own limit would end in a RecursionError somewhere, at another
        # depth on another version.
        if depth >= DEEPEST:
            self._give_up(event, "values are nested too deeply here")
        if depth > self._deepest:
            self._deepest = depth
        return self._mapping(depth + 1) if kind is MappingStartEvent else self._sequence(depth + 1)

    def _sequence(self, depth: int) -> list[Any]:
        items: list[Any] = []
        take, value = self._next, self._value
        while type(event := take()) is not SequenceEndEvent:
            items.append(value(event, depth))
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        first: dict[str, Any] = {}
        merges: list[tuple[Any, Any]] = []
        take = self._next
        while type(event := take()) is not MappingEndEvent:
            # Only a plain `<<` merges; a quoted one is a key like any other.
            if type(event) is ScalarEvent and event.value == "<<" and event.implicit[0]:
                merges.append((event, self._value(take(), depth)))
                continue
            key = self._key(event, depth)
            value = self._value(take(), depth)
            # The first one wins and the second is an error. PyYAML, and kubectl, keep the last
            # without a word.
            if key in first:
                self._faults.duplicate_key(key, event, first[key])
            elif key is not None:
                first[key] = event
                result[key] = value
        for event, source in merges:
            self._merge(result, source, event)
        return result

    def _key(self, event: Any, depth: int) -> str | None:
        if type(event) is ScalarEvent and event.implicit[0] and event.anchor is None:
            key = event.value if self._is_text(event.value) else None
        else:
            key = self._value(event, depth)
        if type(key) is not str:
            self._faults.key_not_text(event)
            return None
        return key

    def _is_text(self, plain: str) -> bool:
        try:
            return type(self._meaning(plain)) is str
        except AmbiguousScalarError:
            return False

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        plain, quoted = event.implicit
        if plain:
            return self._plain(text, event)
        if not quoted and event.tag != "tag:yaml.org,2002:str":
            self._faults.tag(event)
        # Escapes (`"\x00"`) bring in characters that the look at the file's bytes could not
        # see.
        if event.style == '"' and (odd := ODD_CHARACTER.search(text)):
            self._faults.odd_character(event, odd[0])
        return text

    def _plain(self, text: str, event: Any) -> Any:
        try:
            value = self._meaning(text)
        except AmbiguousScalarError as refused:
            self._faults.refused(event, refused)
            return None
        if type(value) is float and self._meaning is spec_meaning and changes_digits(text, value):
            self._faults.changed_number(event, value)
        return value

    def _anchored(self, event: Any, depth: int) -> Any:
        name, count, deepest = event.anchor, self._count, self._deepest
        # None while its value is read, so that an alias within it is known for a ring.
        self._anchors[name] = None
        # A scalar opens no level: an alias of one may stand in the deepest list, as the scalar itself may.
        self._deepest = depth - 1
        value = self._content(event, depth)
        self._anchors[name] = _Anchored(value, self._count - count + 1, self._deepest - depth)
        self._deepest = max(deepest, self._deepest)
        return value

    def _alias(self, event: Any, depth: int) -> Any:
        target = self._anchors.get(event.anchor)
        if target is None:
            self._faults.alias(event, inside=event.anchor in self._anchors)
            return None
        if depth + target.height >= DEEPEST:
            self._give_up(event, "values are nested too deeply through this alias")
        self._deepest = max(self._deepest, depth + target.height)
        self._grow(target.size, event)
        return target.value

    def _merge(self, result: dict[str, Any], source: Any, event: Any) -> None:
        for mapping in source if type(source) is list else (source,):
            if type(mapping) is not dict:
                self._faults.merge(event)
                return
            self._grow(len(mapping), event)
            for key, value in mapping.items():
                result.setdefault(key, value)

    def _grow(self, size: int, event: Any) -> None:
        self._count += size
        self._extra += size
        # Bounded by what the file could have said without aliases, so honest sharing passes at
        # any size, and a "billion laughs" file of a few lines does not.
        if self._extra > _ALIASES_FOR_FREE + len(self._text):
            self._give_up(event, "aliases make this file many times larger than it is")

    def _give_up(self, event: Any, message: str) -> None:
        self._faults.too_much(event, message)
        raise _GiveUpError
