"""Object name collisions: names are put together of parts, so different parts may make one.

Component ``redis`` at station ``cache-a`` and component ``redis-cache`` at station ``a`` are both ``...-redis-cache-a``.
Names are compared as stems, of which there are few; stations are looked at only where one stem begins with another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import Component, Fleet, Station
from milepost.model.plan import CloudPlacement, Placement, Workload
from milepost.plan.pass_order import Role

MP4041 = Code(
    "MP4041",
    "object name collision",
    "Objects are named application-component-station, with a hyphen in between. Where names of components and stations "
    "have hyphens themselves, two different ones may make the same name, and one object would replace the other.",
    "# component redis at station cache-a, and component redis-cache at station a, in one station group\n",
)


ROLE = Role.CHECKS


def run(fleet: Fleet, placement: Placement, cloud: CloudPlacement, sink: Sink) -> None:
    known: dict[str, Component] = {}
    for stem, owner in _stems(cloud.workloads, fleet):
        if not _same(first := known.setdefault(stem, owner), owner):
            _report(f"both have objects named {stem}", first, owner, sink)
    stems = _Stems(fleet, placement)
    for stem, first, second in stems.equal:
        _report(f"both have objects named {stem}", first, second, sink)
    for group in fleet.province.groups:
        for name, first, second in stems.clashes(group.name, {s.name: s for s in group.stations}):
            _report(f"both have objects named {name} in {group.name}", first, second, sink)


Clash = tuple[str, Component, Component]
"""A name, and the two components that make it."""


class _Stems:
    """The stems of every station and of every group, and which of them begin with another."""

    def __init__(self, fleet: Fleet, placement: Placement) -> None:
        self.of_station: dict[str, dict[str, Component]] = {}
        self.of_group: dict[str, dict[str, Component]] = {}
        self.equal: list[Clash] = []
        self._known: dict[str, Component] = {}
        for station_class in placement.station_classes:
            stems = self._collect(station_class.workloads, fleet)
            self.of_station |= dict.fromkeys((s.name for s in station_class.stations), stems)
        for group_class in placement.group_classes:
            stems = self._collect(group_class.workloads, fleet)
            self.of_group |= dict.fromkeys((g.name for g in group_class.groups), stems)
        # Quadratic in stems, of which there are a few dozen. Comparing full names would be a
        # set of half a million texts for a country.
        self.longer = [
            (a, b, b[len(a) + 1 :]) for a in self._known for b in self._known if b.startswith(f"{a}-")
        ]
        """A stem, a longer one that begins with it, and what stands behind."""

    def _collect(self, workloads: Iterable[Workload], fleet: Fleet) -> dict[str, Component]:
        found: dict[str, Component] = {}
        for stem, owner in _stems(workloads, fleet):
            first = self._known.setdefault(stem, owner)
            if not _same(first, owner) and (stem, first, owner) not in self.equal:
                self.equal.append((stem, first, owner))
            found[stem] = owner
        return found

    def clashes(self, group: str, stations: Mapping[str, Station]) -> Iterator[Clash]:
        """Names that two components make in ``group``: at two of its stations, or at one and for the group."""
        for short, long, between in self.longer:
            shared = self.of_group.get(group, {})
            # Objects of a group carry no station name, so `app-redis` at station `cache` meets
            # the group's own `app-redis-cache`.
            if between in stations and short in self.of_station[between] and long in shared:
                yield long, self.of_station[between][short], shared[long]
            for name in stations:
                other = f"{between}-{name}"
                if other in stations and short in self.of_station[other] and long in self.of_station[name]:
                    yield f"{long}-{name}", self.of_station[other][short], self.of_station[name][long]


def _same(first: Component, other: Component) -> bool:
    """Also where they are of two editions: no station group runs both."""
    return (first.application, first.name) == (other.application, other.name)


def _stems(workloads: Iterable[Workload], fleet: Fleet) -> Iterator[tuple[str, Component]]:
    """Every name that these workloads give to objects, the station aside: their own, and their components'."""
    for workload in workloads:
        members = fleet.members(workload.edition, workload.members)
        yield workload.stem, members[0]
        for component in members:
            yield f"{component.application}-{component.name}", component


def _report(what: str, first: Component, second: Component, sink: Sink) -> None:
    sink.report(
        MP4041,
        f'"{first.name}" of "{first.application}" and "{second.name}" of "{second.application}" {what}',
        second.origin.of("name").span,
        related=[Related("the other component", first.origin.of("name").span)],
        hint="rename one of the components or stations",
    )
