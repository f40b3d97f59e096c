"""YAML events -> plain values. Strict where readers differ: a fault is reported with its place and reading goes on.

The first of two equal keys wins (and the second is an error), ``<<`` merges below what is written, aliases share their
value. What aliases may add is bounded by the length of the text, depth by a constant, so no file can blow up a reader.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from milepost.diagnostics import Code, Related, Sink
from milepost.load.decode import MP1002, ODD_CHARACTER, name_character
from milepost.load.parse import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    YamlError,
    event_span,
    open_events,
    syntax_fault,
)
from milepost.load.scalars import MP1016, Meaning, Refused, spec_meaning

MP1011 = Code(
    "MP1011",
    "Key given twice",
    "A mapping holds each key once. Most YAML readers keep the last of two equal keys without a word, so one of the "
    "two values would be lost.",
    "spec:\n  province: hunan\n  province: hubei",
)
MP1012 = Code(
    "MP1012",
    "Key is not text",
    "Keys are text, as they are in JSON and Kubernetes. A plain `8080`, `true` or `1.10` is a number or a truth value: "
    "`1.10` would become 1.1. Put it in quotes.",
    "versions:\n  1.10: {redis: 7.2.5}",
)
MP1013 = Code(
    "MP1013",
    "Alias that cannot be followed",
    "`*name` repeats the value marked `&name` earlier in the same document. It may neither stand before its mark nor "
    "inside of it.",
    "resources: *small",
)
MP1017 = Code(
    "MP1017",
    "Document nested too deeply or grown too large by aliases",
    "Values may be nested 100 levels deep. Aliases and `<<` may add about as many values as the file has characters; "
    "beyond that a small file could fill the memory of whoever reads it.",
    "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]   # and so on",
)
MP1018 = Code(
    "MP1018",
    "Merge of something that is not a mapping",
    "`<<` takes a mapping, or a list of mappings, whose entries are added where they are not given.",
    "labels:\n  <<: gantry",
)

DEEPEST = 100
"""Levels of nesting."""
_ALIASES_FOR_FREE = 10_000
_NON_STRINGS = {"tag:yaml.org,2002:map": MappingStartEvent, "tag:yaml.org,2002:seq": SequenceStartEvent}


class _GiveUpError(Exception):
    """The document cannot be read on; the reason is in the sink."""


@dataclass(frozen=True, slots=True)
class _Anchored:
    value: Any
    size: int
    height: int


def construct(text: str, path: str, sink: Sink, meaning: Meaning = spec_meaning) -> list[Any]:
    """The value of every document of a text, in order. Where syntax is broken the list ends early."""
    return list(_Constructor(text, path, sink, meaning).documents())


@contextmanager
def gc_paused() -> Iterator[None]:
    """No garbage collection meanwhile: what a parse makes lives on, and looking through it doubles the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Constructor:
    def __init__(self, text: str, path: str, sink: Sink, meaning: Meaning) -> None:
        self._text, self._path, self._sink, self._meaning = text, path, sink, meaning
        self._next: Callable[[], Any] = open_events(text)
        self._anchors: dict[str, _Anchored | None] = {}
        self._extra = self._count = self._deepest = 0

    def documents(self) -> Iterator[Any]:
        try:
            while type(event := self._next()) is not StreamEndEvent:
                if type(event) is DocumentStartEvent:
                    self._anchors.clear()
                    yield self._value(self._next(), 0)
        except YamlError as error:
            self._sink.add(syntax_fault(error, self._text, self._path))
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
            self._refuse_tag(event)
        if depth >= DEEPEST:
            self._give_up(event, f"values are nested more than {DEEPEST} levels deep here")
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
            if type(event) is ScalarEvent and event.value == "<<" and event.implicit[0]:
                merges.append((event, self._value(take(), depth)))
                continue
            key = self._key(event, depth)
            value = self._value(take(), depth)
            if key in first:
                self._duplicate(key, event, first[key])
            elif key is not None:
                first[key] = event
                result[key] = value
        for event, source in merges:
            self._merge(result, source, event)
        return result

    def _key(self, event: Any, depth: int) -> str | None:
        faults = len(self._sink)
        key = self._value(event, depth)
        if type(key) is str:
            return key
        if len(self._sink) == faults:
            self._not_text(event)
        return None

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        plain, quoted = event.implicit
        if plain:
            try:
                return self._meaning(text)
            except Refused as refused:
                self._sink.report(
                    refused.code, refused.message, event_span(event, self._path), hint=refused.hint
                )
                return None
        if not quoted and event.tag != "tag:yaml.org,2002:str":
            self._refuse_tag(event)
        if event.style == '"' and (odd := ODD_CHARACTER.search(text)):
            self._odd(event, odd[0])
        return text

    def _anchored(self, event: Any, depth: int) -> Any:
        name, count, deepest = event.anchor, self._count, self._deepest
        self._anchors[name] = None
        self._deepest = depth
        value = self._content(event, depth)
        self._anchors[name] = _Anchored(value, self._count - count + 1, self._deepest - depth)
        self._deepest = max(deepest, self._deepest)
        return value

    def _alias(self, event: Any, depth: int) -> Any:
        target = self._anchors.get(event.anchor)
        if target is None:
            self._lost_alias(event)
            return None
        if depth + target.height >= DEEPEST:
            self._give_up(event, f"values are nested more than {DEEPEST} levels deep through this alias")
        self._deepest = max(self._deepest, depth + target.height)
        self._grow(target.size, event)
        return target.value

    def _merge(self, result: dict[str, Any], source: Any, event: Any) -> None:
        for mapping in source if type(source) is list else (source,):
            if type(mapping) is not dict:
                span = event_span(event, self._path)
                self._sink.report(MP1018, "<< takes a mapping or a list of mappings", span)
                return
            self._grow(len(mapping), event)
            for key, value in mapping.items():
                result.setdefault(key, value)

    def _grow(self, size: int, event: Any) -> None:
        self._count += size
        self._extra += size
        if self._extra > _ALIASES_FOR_FREE + len(self._text):
            self._give_up(event, "aliases make this file many times larger than it is")

    def _give_up(self, event: Any, message: str) -> None:
        self._sink.report(
            MP1017, message, event_span(event, self._path), hint="write it flatter, with fewer aliases"
        )
        raise _GiveUpError

    def _duplicate(self, key: str, event: Any, first: Any) -> None:
        related = (Related("first given here", event_span(first, self._path)),)
        message = f'the key "{key}" is given twice'
        self._sink.report(
            MP1011, message, event_span(event, self._path), hint="keep one of the two", related=related
        )

    def _not_text(self, event: Any) -> None:
        plain = event.value if type(event) is ScalarEvent else ""
        message = f"the key {plain} is not text" if plain else "a key must be text"
        hint = f'write "{plain}" with its quotes' if plain else None
        self._sink.report(MP1012, message, event_span(event, self._path), hint=hint)

    def _lost_alias(self, event: Any) -> None:
        inside = event.anchor in self._anchors
        message = f"&{event.anchor} contains itself" if inside else f"nothing above is marked &{event.anchor}"
        self._sink.report(MP1013, message, event_span(event, self._path))

    def _refuse_tag(self, event: Any) -> None:
        span = event_span(event, self._path)
        self._sink.report(MP1016, f"the tag {event.tag} is not supported", span, hint="leave it out")

    def _odd(self, event: Any, character: str) -> None:
        message = f"{name_character(character)} may not stand in a fleet spec"
        self._sink.report(MP1002, message, event_span(event, self._path))
