"""Node losses of a province as plain data, which any process may have counted."""

from __future__ import annotations

from typing import Any

from milepost.model.plan import Plan
from milepost.plan.availability.node_loss import LossCount, all_loss_counts


def loss_rows(plan: Plan) -> tuple[dict[str, Any], ...]:
    """One row a component and number of lost nodes; plain data."""
    return tuple(
        _row(name, lost, count) for lost, counts in all_loss_counts(plan) for name, count in counts.items()
    )


def _row(name: tuple[str, str], lost: int, count: LossCount) -> dict[str, Any]:
    return {
        "application": name[0],
        "component": name[1],
        "lostNodes": lost,
        "stations": count.stations,
        "stops": count.stops,
        "without": {
            "/".join(on): {"stations": stations, "because": dependency.reason.cited}
            for on, (stations, dependency) in sorted(count.without.items())
        },
    }  # fmt: skip
