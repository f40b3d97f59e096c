"""GitHub Actions workflow commands, shown as annotations in the changed files.

GitHub shows about ten of a step, so the worst ten are commands; the rest follow as plain lines of the log, behind a
notice that says how many. Their text can never be read as a command.
"""

from __future__ import annotations

from collections.abc import Sequence

from milepost.diagnostics import Diagnostic, Severity, Span
from milepost.diagnostics.folding import ALL, Folded, folded
from milepost.diagnostics.formats import Sources
from milepost.diagnostics.printable import printable

NAME = "github"
SHOWN = 10


def render(diagnostics: Sequence[Diagnostic], sources: Sources, *, color: bool = False) -> str:
    """One line a diagnostic, errors first. ``sources`` and ``color`` do not matter."""
    # sorted() is stable: among errors the order of files and lines stays.
    worst_first = sorted(diagnostics, key=lambda d: d.severity is not Severity.ERROR)
    shown, rest = worst_first[:SHOWN], worst_first[SHOWN:]
    lines = [_command(diagnostic) for diagnostic in shown]
    if rest:
        lines.append(f"::notice title=Milepost::{len(rest)} more in the log of this step")
        lines += _folded(rest)
    return "".join(line + "\n" for line in lines)


def _folded(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """As in text: equal ones on one line, and of those alike the first few."""
    shown, left = folded(diagnostics)
    lines = [f"{_plain(one.diagnostic)}{_others(one)}" for one in shown]
    return lines + ([f"- and {left:,} more; {ALL}"] if left else [])


def _others(one: Folded) -> str:
    number = len(one.places) + one.alike
    return f" (and {number:,} more like this; {ALL})" if number else ""


def _command(diagnostic: Diagnostic) -> str:
    place = _place(diagnostic.span) if diagnostic.span else {}
    properties = {**place, "title": f"{diagnostic.code.id} {diagnostic.code.title}"}
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    lines = [diagnostic.message, *(f"{r.message}: {r.span}" for r in diagnostic.related)]
    if diagnostic.hint:
        lines.append(f"help: {diagnostic.hint}")
    return f"::{diagnostic.severity.value} {written}::{_data(chr(10).join(lines))}"


def _place(span: Span) -> dict[str, str]:
    """Columns are left out where a place has several lines: GitHub takes them on one line only."""
    place = {"file": span.path, "line": str(span.line), "endLine": str(span.end_line)}
    if span.line == span.end_line:
        place |= {"col": str(span.column), "endColumn": str(span.end_column)}
    return place


def _data(text: str) -> str:
    # `%` first, or it would escape the escapes that follow.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    # Properties end at a comma and a command's properties at `::`, so both characters need
    # escapes in a value.
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _plain(diagnostic: Diagnostic) -> str:
    where = f"{diagnostic.span}: " if diagnostic.span else ""
    return printable(f"- {where}{diagnostic.severity.value} {diagnostic.code.id}: {diagnostic.message}")
