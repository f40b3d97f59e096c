"""Fleet sizes: a number of nodes cut into provinces, station groups and stations, to the last node.

The proportions are those of the reference fleet: 24,600 gantries of two nodes and 9,400 toll stations of two servers
and 3.4 lanes on the average for 100,000 nodes; 34,000 stations in about 1,450 station groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from milepost.model.record import by_value

SMALLEST_PROVINCE = 6
"""Nodes of one gantry and of one toll station with two servers and two lanes."""
STATIONS_PER_GROUP = 23.45


@by_value
class ProvinceSize:
    """Toll stations, gantries, and the lanes of the toll stations together."""

    tolls: int
    gantries: int
    lanes: int

    @property
    def stations(self) -> int:
        return self.tolls + self.gantries

    @property
    def nodes(self) -> int:
        return 2 * self.stations + self.lanes

    @property
    def groups(self) -> int:
        """Station groups of about 24 stations, each with a toll station to manage it."""
        return min(self.tolls, max(1, round(self.stations / STATIONS_PER_GROUP)))


def apportion(total: int, weights: Sequence[int], least: int = 0) -> list[int]:
    """``total`` cut by weight into whole parts of at least ``least``; the parts add up to ``total``."""
    rest, whole = total - least * len(weights), sum(weights)
    marks = [rest * mark // whole for mark in accumulate(weights)]
    return [least + mark - before for mark, before in zip(marks, [0, *marks], strict=False)]


def fleet_size(nodes: int, provinces: int) -> ProvinceSize:
    """The size of a fleet of exactly ``nodes`` nodes. Raises ValueError where that is too few for its provinces."""
    if nodes < SMALLEST_PROVINCE * provinces:
        raise ValueError(f"{provinces} provinces need at least {SMALLEST_PROVINCE * provinces} nodes")
    tolls = max(provinces, round(nodes * 0.094))
    gantries = max(provinces, min(round(nodes * 0.246), (nodes - 4 * tolls) // 2))
    return ProvinceSize(tolls, gantries, nodes - 2 * (tolls + gantries))


def split(size: ProvinceSize, weights: Sequence[int], least_gantries: int) -> list[ProvinceSize]:
    """``size`` cut by weight; every part has a toll station, and every toll station two lanes or more."""
    tolls = apportion(size.tolls, weights, 1)
    gantries = apportion(size.gantries, weights, least_gantries)
    spare = apportion(size.lanes - 2 * size.tolls, tolls)
    return [ProvinceSize(t, g, 2 * t + more) for t, g, more in zip(tolls, gantries, spare, strict=True)]
