"""YAML parsing: text to events with marks. The only module that imports a YAML library.

libyaml's parser is asked for events and not for nodes: events need no recursion in C, so depth is bounded by us; and a
value can be built from them at once, so a table of 100,000 rows never stands in memory as nodes. What the events mean
is ``construct``'s business, where they stand is ``outline``'s.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from milepost.diagnostics import Code, Diagnostic, Related, Span

__all__ = [
    "AliasEvent",
    "DocumentEndEvent",
    "DocumentStartEvent",
    "Event",
    "MappingEndEvent",
    "MappingStartEvent",
    "ScalarEvent",
    "SequenceEndEvent",
    "SequenceStartEvent",
    "StreamEndEvent",
    "YamlError",
    "event_span",
    "open_events",
    "syntax_fault",
]

MP1010 = Code(
    "MP1010",
    "invalid YAML",
    "The file breaks YAML's syntax. Nothing after the place can be read, so further faults may show once it is mended.",
    "spec:\n\tversion: 1.2.0   # a tab cannot indent",
)

YamlError = yaml.YAMLError
_INDICATORS = frozenset("@`%")


def open_events(text: str) -> Callable[[], Any]:
    """A function that gives the next event of a text at each call. It raises ``YamlError`` where syntax is broken."""
    # The C loader by name: `yaml.safe_load` takes the one in Python, which is many times
    # slower.
    loader: Any = yaml.CSafeLoader(text)
    take: Callable[[], Any] = loader.get_event
    return take


def event_span(event: Event, path: str) -> Span:
    """Where an event stands. Marks count from 0, spans from 1; an empty key is shown by the character before it."""
    start: Any = event.start_mark
    end: Any = event.end_mark
    column, end_column = start.column + 1, end.column + 1
    if (start.line, start.column) == (end.line, end.column):
        column, end_column = max(column - 1, 1), max(end_column, 2)
    return Span(path, start.line + 1, column, end.line + 1, end_column)


def syntax_fault(error: yaml.YAMLError, text: str, path: str) -> Diagnostic:
    """What libyaml complains about, with its place moved onto a real character of the file."""
    problem = getattr(error, "problem", None) or "it cannot be read"
    noticed = _character_span(text, path, getattr(error, "problem_mark", None))
    context, context_mark = getattr(error, "context", None), getattr(error, "context_mark", None)
    begun = _character_span(text, path, context_mark) if context and context_mark else noticed
    # A key without a colon is noticed a line too late.
    where = begun if "expected ':'" in problem else noticed
    related = (Related(context, begun),) if context and begun != where else ()
    return Diagnostic(MP1010, f"not valid YAML: {problem}", where, _hint(problem, text, where), related)


def _character_span(text: str, path: str, mark: Any) -> Span:
    """One character: the marked one, or the last before it when the mark is behind the end of its line or file."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    if line >= len(lines) or column >= len(lines[line]):
        line = min(line, len(lines) - 1)
        while line > 0 and not lines[line].strip():
            line -= 1
        column = max(len(lines[line]) - 1, 0)
    return Span(path, line + 1, column + 1, line + 1, column + 2)


_HINTS = (
    ("mapping values are not allowed", "put quotes around a text that holds a colon and a space"),
    ("could not find expected ':'", "a key is followed by a colon and a space"),
    ("did not find expected", "look at the indentation here and on the line before"),
    ("unexpected end of stream", "something that was opened is not closed"),
)


def _hint(problem: str, text: str, where: Span) -> str | None:
    line = text.split("\n")[where.line - 1]
    character = line[where.column - 1 : where.column]
    # libyaml calls a tab "a character that cannot start any token", which nobody can see in an
    # editor.
    if character == "\t" or "\t" in line[: len(line) - len(line.lstrip())]:
        return "indent with spaces; YAML does not allow tabs there"
    if character in _INDICATORS and "cannot start any token" in problem:
        return f"put quotes around a text that starts with {character}"
    if "did not find expected" in problem and line[: where.column - 1].strip():
        return "look at the quotes, commas and brackets before this"
    return next((hint for phrase, hint in _HINTS if phrase in problem), None)
