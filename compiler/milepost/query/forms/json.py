"""The JSON form: a list of objects, one line each."""

from __future__ import annotations

import json
from collections.abc import Iterator

from milepost.query.json_values import plain
from milepost.query.sql import QueryResult


def render(answer: QueryResult) -> Iterator[str]:
    """Valid JSON as a whole, and a line per row for tools that read lines."""
    before = "[\n"
    for row in answer.rows:
        record = dict(zip(answer.columns, map(plain, row), strict=True))
        yield before + json.dumps(record, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
