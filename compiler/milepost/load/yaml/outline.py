"""YAML source map: events to places. Read a second time, and only when somebody asks where a value stands.

A value that a ``*`` or ``<<`` brought in stands where it is written, at its anchor. An empty value is answered by its
key; a block's end is cut at its last real character; an unknown path by its deepest known ancestor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from milepost.diagnostics import Span
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
from milepost.model.document import Path

_Point = tuple[int, int]


@dataclass(slots=True, eq=False)
class SpanNode:
    """One value's place (points are line and column from 0) and the parts inside of it."""

    start: _Point
    end: _Point
    entries: dict[str, tuple[SpanNode, SpanNode]]
    items: list[SpanNode]

    @property
    def empty(self) -> bool:
        return self.start == self.end


_NO_ENTRIES: dict[str, tuple[SpanNode, SpanNode]] = {}
_NO_ITEMS: list[SpanNode] = []
"""Shared by all scalars: most parts have nothing inside."""


class _Outliner:
    def __init__(self, text: str) -> None:
        self._next: Callable[[], Any] = open_events(text)
        self._lines = text.split("\n")
        self._anchors: dict[str, SpanNode] = {}
        self._reach: _Point = (0, 0)

    def documents(self) -> Iterator[SpanNode]:
        try:
            while type(event := self._next()) is not StreamEndEvent:
                if type(event) is DocumentStartEvent:
                    self._anchors.clear()
                    yield self._part(self._next())
        except (YamlError, RecursionError):
            return  # such a document was reported when it was read, and nobody holds it

    def _part(self, event: Any) -> SpanNode:
        kind = type(event)
        start = self._inside(event.start_mark.line, event.start_mark.column)
        if kind is AliasEvent:
            self._reach = self._end(event)
            return self._anchors.get(event.anchor) or SpanNode(start, self._reach, _NO_ENTRIES, _NO_ITEMS)
        part = SpanNode(start, self._end(event), _NO_ENTRIES, _NO_ITEMS)
        if event.anchor is not None:
            self._anchors[event.anchor] = part
        if kind is SequenceStartEvent:
            self._sequence(part, event.flow_style)
        elif kind is MappingStartEvent:
            self._mapping(part, event.flow_style)
        elif not part.empty:
            self._reach = part.end
        return part

    def _sequence(self, part: SpanNode, flow: bool) -> None:
        part.items = []
        while type(event := self._next()) is not SequenceEndEvent:
            part.items.append(self._part(event))
        self._close(part, event, flow)

    def _mapping(self, part: SpanNode, flow: bool) -> None:
        part.entries = {}
        merged: list[SpanNode] = []
        while type(event := self._next()) is not MappingEndEvent:
            key, name = self._part(event), event.value if type(event) is ScalarEvent else None
            value = self._part(self._next())
            if name == "<<" and event.implicit[0]:
                merged += value.items or [value]
            elif name is not None:
                part.entries.setdefault(name, (key, value))
        for source in merged:
            part.entries = {**source.entries, **part.entries}
        self._close(part, event, flow)

    def _close(self, part: SpanNode, event: Any, flow: bool) -> None:
        """The end mark of a block stands at the next token, so a block ends where its last part does."""
        if flow:
            self._reach = self._end(event)
        part.end = max(self._reach, part.start)

    def _end(self, event: Any) -> _Point:
        """The end of an event; a literal block's mark is at the start of a later line, so go back to a character."""
        mark = event.end_mark
        line, column = mark.line, mark.column
        # libyaml puts the end of a block scalar at the beginning of the next token's line; an
        # underline there would mark the wrong value.
        while line > event.start_mark.line and (column == 0 or line >= len(self._lines)):
            line -= 1
            column = len(self._lines[line].rstrip())
        return self._inside(line, column)

    def _inside(self, line: int, column: int) -> _Point:
        """libyaml may end a stream one line below a last line that has no line feed."""
        if line < len(self._lines):
            return line, column
        return len(self._lines) - 1, len(self._lines[-1])


class YamlOutline:
    """The places of one file's documents, worked out at the first question."""

    __slots__ = ("_parts", "_path", "_text")

    def __init__(self, text: str, path: str) -> None:
        self._text, self._path = text, path
        self._parts: list[SpanNode] | None = None

    def __reduce__(self) -> tuple[type[YamlOutline], tuple[str, str]]:
        """To a worker process goes the text; what was worked out from it stays here."""
        # The places are a tree of objects several times the size of the text, and a worker
        # hardly ever needs them.
        return YamlOutline, (self._text, self._path)

    def document(self, index: int) -> SpanNode:
        if self._parts is None:
            self._parts = list(_Outliner(self._text).documents())
        return (
            self._parts[index]
            if index < len(self._parts)
            else SpanNode((0, 0), (0, 1), _NO_ENTRIES, _NO_ITEMS)
        )

    def line_of(self, part: SpanNode) -> str:
        """What is typed at a value that stands on one line."""
        span = self.span(part)
        if span.line != span.end_line:
            return ""
        return self._text.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1].strip()

    def span(self, part: SpanNode) -> Span:
        """An empty item of a list has no text of its own; its mark is behind the dash, which stands for it."""
        (line, column), (end_line, end_column) = part.start, part.end
        if part.empty:
            column, end_column = max(column - 1, 0), max(end_column, 1)
        return Span(self._path, line + 1, column + 1, end_line + 1, end_column + 1)


class YamlSourceMap:
    """Data paths of one document -> spans (``model.document.SourceMap``)."""

    __slots__ = ("_index", "_outline")

    def __init__(self, outline: YamlOutline, index: int) -> None:
        self._outline, self._index = outline, index

    def value(self, path: Path) -> Span:
        value, key, found = self._find(path)
        return self._outline.span(value if key is None or (found and not value.empty) else key)

    def key(self, path: Path) -> Span:
        value, key, _ = self._find(path)
        return self._outline.span(key or value)

    def text(self, path: Path) -> str:
        value, _, found = self._find(path)
        return self._outline.line_of(value) if found and not value.empty else ""

    def _find(self, path: Path) -> tuple[SpanNode, SpanNode | None, bool]:
        """The deepest known value on the way, its key if it has one, and whether it is the one asked for."""
        value, key = self._outline.document(self._index), None
        for step in path:
            if isinstance(step, str) and step in value.entries:
                key, value = value.entries[step]
            elif isinstance(step, int) and 0 <= step < len(value.items):
                key, value = None, value.items[step]
            else:
                return value, key, False
        return value, key, True
