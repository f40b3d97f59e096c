"""The CSV form with a header (RFC 4180, with line feeds); nothing is an empty cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from milepost.query.json_values import text
from milepost.query.sql import QueryResult


def render(answer: QueryResult) -> Iterator[str]:
    """A line per row."""
    yield _line(answer.columns)
    for row in answer.rows:
        yield _line([text(value) for value in row])


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()
