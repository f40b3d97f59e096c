"""LANs of a province: stations whose subnets overlap in one VLAN hear each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from milepost.model.fleet import Province, Station
from milepost.model.networks import Lan
from milepost.plan.network.parsed_addresses import span


def lans(province: Province) -> tuple[Lan, ...]:
    """Every station in one LAN. One without subnets is alone: nobody knows its neighbours."""
    found: list[Lan] = []
    known: list[Station] = []
    for group in province.groups:
        for station in group.stations:
            if station.row.subnets:
                known.append(station)
            else:
                found.append(Lan((station,)))
    return (*found, *_joined(known))


def _joined(stations: Sequence[Station]) -> Iterator[Lan]:
    """Those that hear each other together, in order of their first names."""
    leader = {station.name: station.name for station in stations}

    def first(name: str) -> str:
        while leader[name] != name:
            leader[name] = name = leader[leader[name]]
        return name

    for one, other in _neighbours(stations):
        low, high = sorted((first(one), first(other)))
        leader[high] = low
    found: dict[str, list[Station]] = {}
    for station in stations:
        found.setdefault(first(station.name), []).append(station)
    for name in sorted(found):
        yield Lan(tuple(sorted(found[name], key=lambda s: s.name)))


def _neighbours(stations: Sequence[Station]) -> Iterator[tuple[str, str]]:
    """Pairs of stations that are enough to join all whose subnets overlap in one VLAN."""
    spans: dict[tuple[int, str], list[tuple[int, int, str]]] = {}
    for station in stations:
        for text in station.row.subnets:
            version, start, end = span(text)
            # A station that says no VLAN is in the untagged one of its subnet.
            spans.setdefault((version, str(station.row.vlan or "")), []).append((start, end, station.name))
    for found in spans.values():
        yield from _overlaps(sorted(found))


def _overlaps(spans: Sequence[tuple[int, int, str]]) -> Iterator[tuple[str, str]]:
    """Sorted by their starts, a span overlaps an earlier one when the one that reaches farthest does."""
    farthest, owner = -1, ""
    for start, end, name in spans:
        if start <= farthest and name != owner:
            yield owner, name
        if end > farthest:
            farthest, owner = end, name
