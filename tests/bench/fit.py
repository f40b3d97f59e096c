"""A straight line through points, and how far from straight they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """``y = start + slope * x``; ``off`` is the largest distance of a point from it, as a share of the largest y."""

    start: float
    slope: float
    off: float

    def at(self, x: float) -> float:
        return self.start + self.slope * x


def straight(points: Sequence[Point]) -> Line:
    """Least squares. Raises ZeroDivisionError where all x are one."""
    count = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / count, sum(y for _, y in points) / count
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    line = Line(mean_y - slope * mean_x, slope, 0.0)
    off = max(abs(y - line.at(x)) for x, y in points) / max(y for _, y in points)
    return Line(line.start, line.slope, off)
