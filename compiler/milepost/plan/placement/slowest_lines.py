"""Slowest lines: of the stations that a workload is at, the line on which a message and its answer take longest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from milepost.model.fleet import Access, Station
from milepost.model.plan import Placement, Workload

RARELY = 0.01
"""What a bound leaves out: the slowest of a hundred times."""
RESEND = 0.2
"""Seconds that TCP waits beyond a round trip before it sends again, twice as long each time (Linux, TCP_RTO_MIN)."""


def round_trip(access: Access) -> float:
    """Seconds for a message and its answer, at the 99th percentile."""
    waited, chance = 0.0, access.loss
    trip = access.latency / 1000
    pause = trip + RESEND
    while chance > RARELY:
        waited += pause
        pause *= 2
        chance *= access.loss
    return trip + waited


def slowest_lines(placement: Placement) -> Mapping[Workload, Access]:
    """By workload; one of stations that nothing is known of has none."""
    found: dict[Workload, Access] = {}
    for workloads, stations in _places(placement):
        lines = list(_lines(stations))
        for workload in workloads if lines else ():
            found[workload] = max([*lines, found.get(workload, lines[0])], key=_slowness)
    return found


def _slowness(access: Access) -> tuple[float, int, str]:
    """Of two that are as slow, the one that may be gone longer; then by name, so that there is one answer."""
    return round_trip(access), access.outage, access.name


def _places(placement: Placement) -> Iterator[tuple[Iterable[Workload], Iterable[Station]]]:
    for station_class in placement.station_classes:
        yield station_class.workloads, station_class.stations
    for group_class in placement.group_classes:
        yield group_class.workloads, (s for group in group_class.groups for s in group.stations)


def _lines(stations: Iterable[Station]) -> Iterable[Access]:
    """Each once: a fleet has a handful."""
    found: dict[int, Access] = {}
    for station in stations:
        for node in station.nodes:
            # A node has the line of its station unless its row says another one.
            if (access := node.access or station.access) is not None:
                found[id(access)] = access
    return found.values()
