"""A site as a bundle is made for it: a station, or all stations of a section."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from milepost.model.fleet import Node, Station, StationGroup
from milepost.model.plan import Plan


class BundleSite(NamedTuple):
    """Stations of one station group."""

    name: str
    group: StationGroup
    stations: tuple[Station, ...]

    def nodes(self) -> Iterator[tuple[Node, Station]]:
        return ((node, station) for station in self.stations for node in station.nodes)

    def architectures(self) -> tuple[str, ...]:
        return tuple(sorted({node.profile.architecture for node, _ in self.nodes()}))


def bundle_site(plan: Plan, name: str) -> BundleSite | None:
    """The section or the station of that name; a section where both are."""
    for group in plan.fleet.province.groups:
        if group.name == name:
            return BundleSite(name, group, group.stations)
    for group in plan.fleet.province.groups:
        for station in group.stations:
            if station.name == name:
                return BundleSite(name, group, (station,))
    return None
