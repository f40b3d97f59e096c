"""The table ``costs``."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.pipeline import Compiled, cost_of
from milepost.query.column import PROVINCE, QueryColumn

MEANING = "What a province's tree costs its cluster, its agent and its lines; a figure a row."
COLUMNS = (
    PROVINCE,
    QueryColumn(
        "figure", "VARCHAR", "Its name; those with a limit are called as in `clusterLimits` of a Policy."
    ),
    QueryColumn("amount", "DOUBLE", "How much, in the unit."),
    QueryColumn("unit", "VARCHAR", "`B` or `s`; null where it is a number of things."),
    QueryColumn("meaning", "VARCHAR", "What is counted."),
    QueryColumn(
        "place", "VARCHAR", "The namespace or component that has most, or the kind; null where it is of all."
    ),
    QueryColumn("most", "DOUBLE", "Its limit; null where it has none."),
    QueryColumn("share", "DOUBLE", "The part of the limit that is used."),
)


def rows(compiled: Compiled) -> Iterator[tuple[str | float | None, ...]]:
    found = cost_of(compiled)
    for figure in found.figures:
        yield (
            found.province,
            figure.name,
            float(figure.amount),
            figure.unit or None,
            figure.meaning,
            figure.where or None,
            None if figure.limit is None else float(figure.limit),
            figure.share,
        )
