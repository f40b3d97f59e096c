"""Cost texts: what each province's tree costs its cluster, for ``milepost plan``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from milepost.model.cluster_cost import ClusterCost, CostFigure
from milepost.model.duration import span

_SHOWN = ("objectsOfKind", "bytesOfKind")
"""Figures with a row for each kind: JSON and `milepost query` have them."""


def cost_rows(cost: ClusterCost) -> Iterator[dict[str, Any]]:
    """Plain data, a row a figure."""
    for figure in cost.figures:
        yield {
            "province": cost.province,
            "name": figure.name,
            "amount": figure.amount,
            "text": _amount(figure),
            "meaning": figure.meaning,
            "where": figure.where or None,
            "limit": figure.limit,
            "share": None if figure.share is None else round(figure.share, 4),
        }


def cost_lines(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """As text, a line a figure."""
    above = None
    for row in _told(rows):
        if row["province"] != above:
            yield f"what the tree of {row['province']} costs its cluster"
        above = row["province"]
        where = f" ({row['where']})" if row["where"] else ""
        yield f"  {row['text']:>12} {row['meaning']}{where}{_limit(row)}"


def cost_table(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """As a table of Markdown, a column a province."""
    told = list(_told(rows))
    provinces = list(dict.fromkeys(row["province"] for row in told))
    if not told:
        return
    yield "| what the tree costs its cluster | " + " | ".join(provinces) + " |"
    yield "|---|" + "---:|" * len(provinces)
    by_name: dict[str, dict[str, str]] = {}
    meanings: dict[str, str] = {}
    for row in told:
        meanings[row["name"]] = row["meaning"]
        by_name.setdefault(row["name"], {})[row["province"]] = row["text"] + _share(row)
    for name, cells in by_name.items():
        yield f"| {meanings[name]} | " + " | ".join(cells.get(p, "") for p in provinces) + " |"


def _told(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (row for row in rows if row["name"] not in _SHOWN)


def _limit(row: dict[str, Any]) -> str:
    return "" if row["limit"] is None else f", {row['share']:.0%} of the limit"


def _share(row: dict[str, Any]) -> str:
    return "" if row["share"] is None else f" ({row['share']:.0%})"


def _amount(figure: CostFigure) -> str:
    if figure.unit == "B":
        return f"{figure.amount / 1e6:,.1f} MB"
    if figure.unit == "s":
        return span(figure.amount) if figure.amount >= 1 else f"{figure.amount * 1000:.1f} ms"
    return f"{figure.amount:,.0f}"
