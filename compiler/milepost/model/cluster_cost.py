"""Cluster cost: what one province's tree asks of its cluster, its agent and its lines, as figures."""

from __future__ import annotations

from typing import NamedTuple


class CostFigure(NamedTuple):
    """``where`` is what the amount is of: the namespace or component that has most, or a kind."""

    name: str
    amount: float
    unit: str
    meaning: str
    where: str = ""
    limit: int | None = None

    @property
    def share(self) -> float | None:
        """The part of its limit; None where it has none."""
        return None if self.limit is None else self.amount / self.limit


class ClusterCost(NamedTuple):
    """What one province's tree costs."""

    province: str
    figures: tuple[CostFigure, ...]
