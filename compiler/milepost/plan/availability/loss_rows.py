"""Node losses of a province as plain data, which any process may have counted."""

from __future__ import annotations

from typing import Any

from milepost.model.plan import Plan
from milepost.plan.availability.node_loss import LossCount, loss_counts

MOST = 2
"""Nodes of a station that are lost at a time."""


def loss_rows(plan: Plan) -> tuple[dict[str, Any], ...]:
    """One row a component and number of lost nodes; plain data."""
    return tuple(
        _row(name, lost, count)
        for lost in range(1, MOST + 1)
        for name, count in loss_counts(plan, lost).items()
    )


def _row(name: tuple[str, str], lost: int, count: LossCount) -> dict[str, Any]:
    return {
        "application": name[0],
        "component": name[1],
        "lostNodes": lost,
        "stations": count.stations,
        "stops": count.stops,
        "without": {
            "/".join(on): {"stations": stations, "because": _because(dependency.reason.words, dependency.reason.origin)}
            for on, (stations, dependency) in sorted(count.without.items())
        },
    }  # fmt: skip


def _because(words: str, origin: Any) -> str:
    return words if origin is None else f"{words} ({origin.span})"
