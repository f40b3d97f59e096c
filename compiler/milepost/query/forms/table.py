"""The table form for people: numbers stand to the right; what cannot be printed is replaced."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from milepost.query.json_values import text
from milepost.query.sql import QueryResult

_GAP = "  "


def render(answer: QueryResult) -> Iterator[str]:
    """A header, a rule and a line per row; the number of rows is for the caller to add."""
    rows = list(answer.rows)
    cells = [[_shown(value) for value in row] for row in rows]
    right = [_numbers(row[i] for row in rows) for i in range(len(answer.columns))]
    widths = [max(map(_width, column)) for column in zip(answer.columns, *cells, strict=True)]
    yield _line(answer.columns, widths, right)
    yield _GAP.join("-" * width for width in widths) + "\n"
    for row in cells:
        yield _line(row, widths, right)


def _numbers(values: Iterator[Any]) -> bool:
    return all(value is None or isinstance(value, int | float) for value in values)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for cell, width, to_right in zip(cells, widths, right, strict=True):
        space = " " * (width - _width(cell))
        padded.append(space + cell if to_right else cell + space)
    return _GAP.join(padded).rstrip() + "\n"


def _shown(value: Any) -> str:
    found = ", ".join(map(text, value)) if isinstance(value, list) else text(value)
    return found if found.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in found)


def _width(cell: str) -> int:
    """Columns of a terminal: characters of East Asian scripts take two."""
    if cell.isascii():
        return len(cell)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in cell)
    return len(cell) + wide - sum(unicodedata.combining(c) != 0 for c in cell)
