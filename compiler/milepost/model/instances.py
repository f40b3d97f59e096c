"""Running workloads of a station as planned: instances, and the architectures that they may run on.

Counts what was decided, and decides nothing. Stations repeat, so every combination of workload and node is looked at
once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from milepost.model.fleet import Node, Station, StationGroup
from milepost.model.plan import Plan, Workload, node_labels


class RunningWorkload(NamedTuple):
    """A workload at one station. ``architectures`` are those of the nodes that fit, sorted; ``fitting`` counts them."""

    workload: Workload
    instances: int
    fitting: int
    architectures: tuple[str, ...]


class Instances:
    """All workloads of one province, by station."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._own: dict[str, tuple[Workload, ...]] = {}
        self._shared: dict[str, tuple[Workload, ...]] = {}
        for station_class in plan.placement.station_classes:
            self._own |= dict.fromkeys([s.name for s in station_class.stations], station_class.workloads)
        for group_class in plan.placement.group_classes:
            self._shared |= dict.fromkeys([g.name for g in group_class.groups], group_class.workloads)
        every = {w for found in (*self._own.values(), *self._shared.values()) for w in found}
        self._asked = sorted({key for w in every for key in w.terms.keys})
        self._looks: dict[tuple[object, ...], int] = {}
        self._labels: list[dict[str, str]] = []
        self._known: dict[tuple[object, ...], tuple[RunningWorkload, ...]] = {}

    def at(self, station: Station) -> tuple[RunningWorkload, ...]:
        """Everything that has an instance at ``station``, or waits for a node to join; its own workloads first."""
        own, shared = self._own.get(station.name, ()), self._shared.get(station.group, ())
        looks = tuple([self._look(node, station) for node in station.nodes])
        # Tuples of workloads are shared by all stations of a class, and hashing them by content
        # would cost more than counting.
        key = (id(own), id(shared), looks)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = tuple(self._count(own, shared, station.nodes, looks))
        return found

    def applications(self, group: StationGroup) -> tuple[str, ...]:
        """The applications with workloads in ``group``, sorted."""
        found = {w.application for w in self._shared.get(group.name, ())}
        for station in group.stations:
            found |= {w.application for w in self._own.get(station.name, ())}
        return tuple(sorted(found))

    def _look(self, node: Node, station: Station) -> int:
        """How a node looks to the terms of workloads: equal numbers are equal in all that any term asks for."""
        asked = tuple([node.labels[k].value if k in node.labels else None for k in self._asked])
        # Labels that name the place differ everywhere; they count only where a term asks for one.
        place = tuple([v for k, v in self._places(station) if k in self._asked])
        key = (node.profile.name, node.roles, asked, place)
        found = self._looks.get(key)
        if found is None:
            found = self._looks[key] = len(self._labels)
            self._labels.append(node_labels(node, station, self._plan.fleet.catalog.label_domain))
        return found

    def _places(self, station: Station) -> Iterator[tuple[str, str]]:
        domain = self._plan.fleet.catalog.label_domain
        yield f"{domain}/station", station.name
        yield f"{domain}/station-group", station.group
        yield f"{domain}/station-type", station.type

    def _count(
        self,
        own: Sequence[Workload],
        shared: Sequence[Workload],
        nodes: Sequence[Node],
        looks: Sequence[int],
    ) -> Iterator[RunningWorkload]:
        for workload in (*own, *shared):
            fitting = [
                node.profile.architecture
                for node, look in zip(nodes, looks, strict=True)
                if _fits(workload, node, self._labels[look])
            ]
            if fitting:
                # Fewer nodes than replicas are no fault here: the others wait for a node to
                # join.
                count = min(workload.replicas or len(fitting), len(fitting))
                yield RunningWorkload(workload, count, len(fitting), tuple(sorted(set(fitting))))


def _fits(workload: Workload, node: Node, labels: dict[str, str]) -> bool:
    return node.profile.architecture in workload.architectures and workload.terms.fits(labels)
