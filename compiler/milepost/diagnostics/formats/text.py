"""Text diagnostics for people: ``path:line:column: error MP1011: message``, the line with a caret, other places, one
hint.

Only the first line of a place is shown, cut to what a terminal holds. Colours are ANSI escapes, and only these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from milepost.diagnostics import Diagnostic, Severity, Span
from milepost.diagnostics.folding import ALL, Folded, folded
from milepost.diagnostics.formats import Sources
from milepost.diagnostics.printable import printable, width
from milepost.diagnostics.wording import and_more

NAME = "text"

_WIDEST = 120
"""Columns of a source line that are shown."""
_BEFORE = 40
"""Columns shown before the caret in a line that is cut."""
_NAMED = 3
"""Further places of a diagnostic that are named."""
_STYLES = {"error": "1;31", "warning": "1;33", "gutter": "1;34", "help": "1;36", "bold": "1"}


def render(diagnostics: Sequence[Diagnostic], sources: Sources, *, color: bool = False) -> str:
    """One block for each diagnostic, equal ones folded, then their number; the empty text where there are none."""
    if not diagnostics:
        return ""
    writer = _Writer(sources, color)
    shown, left = folded(diagnostics)
    blocks = ["\n".join(writer.folded_block(one)) for one in shown]
    more = f" ({left:,} of them not shown; {ALL})" if left else ""
    return "\n\n".join([*blocks, count(diagnostics) + more]) + "\n"


def count(diagnostics: Sequence[Diagnostic]) -> str:
    """``3 errors, 1 warning``."""
    errors = sum(d.severity is Severity.ERROR for d in diagnostics)
    numbers = ((errors, "error"), (len(diagnostics) - errors, "warning"))
    return ", ".join(f"{n} {word}{'s' * (n != 1)}" for n, word in numbers if n)


def also_at(places: Sequence[Span]) -> str:
    """``at a.yaml:3:1, a.yaml:4:1 and 7 more places``."""
    named = ", ".join(map(str, places[:_NAMED]))
    return f"at {named}{and_more(len(places) - min(len(places), _NAMED), 'place')}"


class _Writer:
    """Writes blocks; reads each file once."""

    def __init__(self, sources: Sources, color: bool) -> None:
        self._sources, self._color = sources, color
        self._files: dict[str, list[str]] = {}

    def folded_block(self, one: Folded) -> Iterator[str]:
        yield from self.block(one.diagnostic)
        if one.places:
            yield self._note(1, f"the same {also_at(one.places)}")
        if one.alike:
            yield self._note(1, f"and {one.alike:,} more like this; {ALL}")

    def block(self, diagnostic: Diagnostic) -> Iterator[str]:
        severity = diagnostic.severity.value
        spans = [s for s in (diagnostic.span, *(r.span for r in diagnostic.related)) if s]
        gutter = max((len(str(s.line)) for s in spans), default=1)
        where = f"{self._paint('bold', printable(str(diagnostic.span)))}: " if diagnostic.span else ""
        what = self._paint(severity, f"{severity} {diagnostic.code.id}")
        yield f"{where}{what}: {printable(diagnostic.message)}"
        if diagnostic.span:
            yield from self._snippet(diagnostic.span, gutter, "^", severity)
        for related in diagnostic.related:
            yield self._note(gutter, f"{related.message}: {related.span}")
            yield from self._snippet(related.span, gutter, "-", "gutter")
        if diagnostic.hint:
            yield self._note(gutter, diagnostic.hint, self._paint("help", "help") + ": ")

    def _note(self, gutter: int, text: str, label: str = "") -> str:
        return f"{' ' * gutter} {self._paint('gutter', '=')} {label}{printable(text)}"

    def _snippet(self, span: Span, gutter: int, mark: str, style: str) -> Iterator[str]:
        line = self._line(span)
        if line is None:
            return
        text, start, length = _cut(line, span)
        bar = self._paint("gutter", "|")
        yield f"{self._paint('gutter', str(span.line).rjust(gutter))} {bar} {text}".rstrip()
        yield f"{' ' * gutter} {bar} {' ' * start}{self._paint(style, mark * length)}"

    def _line(self, span: Span) -> str | None:
        if span.path not in self._files:
            text = self._sources(span.path) or ""
            # The same treatment as in the loader, or lines and columns of a file saved on
            # Windows would be off.
            self._files[span.path] = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
        lines = self._files[span.path]
        return lines[span.line - 1] if span.line <= len(lines) and any(lines) else None

    def _paint(self, style: str, text: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self._color else text


def _cut(line: str, span: Span) -> tuple[str, int, int]:
    """The line as it is shown, and from which column on, over how many columns, it is marked."""
    first = span.column - 1
    last = span.end_column - 1 if span.end_line == span.line else len(line)
    before, marked, after = map(printable, (line[:first], line[first:last], line[max(first, last) :]))
    if width(before) + width(marked) + width(after) <= _WIDEST:
        return before + marked + after, width(before), max(width(marked), 1)
    # Cut before the mark as well: in a long row of a table the fault may be hundreds of columns
    # in.
    if width(before) > _BEFORE:
        before = "\u2026" + _last_columns(before, _BEFORE - 1)
    room = _WIDEST - width(before)
    rest = marked + after
    shown = rest if width(rest) <= room else _first_columns(rest, room - 1) + "\u2026"
    return before + shown, width(before), max(min(width(marked), width(shown)), 1)


def _first_columns(text: str, columns: int) -> str:
    taken = 0
    for index, character in enumerate(text):
        taken += width(character)
        if taken > columns:
            return text[:index]
    return text


def _last_columns(text: str, columns: int) -> str:
    taken, index = 0, len(text)
    while index and (taken := taken + width(text[index - 1])) <= columns:
        index -= 1
    return text[index:]
