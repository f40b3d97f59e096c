"""Transitions between two plans: whether every pod finds room and its ports while a change is rolled out, in any order.

Controllers move each workload by itself, and a lost node or a limit such as ``survives`` may keep one at its old version for
as long as it likes. So a changed pod counts with the more of both versions, may be where either may be, and avoids only
what both avoid; what is removed counts as still there, since agents prune last. What holds so holds in every order. Taken for
granted are the two states, which their own compiles have proved, and the nodes and labels of the new one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from milepost.model.fleet import Station
from milepost.model.plan import Plan, PodLoad
from milepost.model.resource_request import ResourceRequest, total
from milepost.model.transition import WaitingPod
from milepost.plan.capacity.overcommit import overcommits
from milepost.plan.capacity.overhead_pods import OverheadPods

Loads = Mapping[str, PodLoad]
"""By label."""


def transitions(before: Plan, after: Plan) -> list[WaitingPod]:
    """What may wait on the way from one plan of a province to the next; of stations alike the first, by name."""
    steps = _Steps(before, after)
    found: dict[object, list[WaitingPod]] = {}
    for shape in after.placement.signatures:
        for station in shape.stations:
            for waiting in steps.at(station):
                key = (waiting.pods, waiting.short, waiting.asked, waiting.free)
                found.setdefault(key, []).append(waiting)
    return [min(alike)._replace(stations=len({w.station for w in alike})) for alike in found.values()]


class _Steps:
    """The two plans; problems alike are solved once."""

    def __init__(self, before: Plan, after: Plan) -> None:
        self._before, self._after = before, after
        self._overhead = tuple(
            OverheadPods(plan.fleet, plan.registry, plan.failovers) for plan in (before, after)
        )
        self._stations = {s.name: s for shape in before.placement.signatures for s in shape.stations}
        self._known: dict[object, tuple[WaitingPod, ...]] = {}

    def at(self, station: Station) -> Iterator[WaitingPod]:
        old = self._stations.get(station.name)
        if old is None:
            return  # nothing runs there yet
        names = {node.name: position for position, node in enumerate(station.nodes)}
        places = tuple(names.get(node.name) for node in old.nodes)
        was, will = self._loads(self._before, old, places), self._loads(self._after, station, None)
        if _plain(was) == _plain(will):
            return
        rooms = self._rooms(station, was, will)
        key = (_plain(was), _plain(will), rooms)
        if key not in self._known:
            ports = list(_ports(was, will))
            self._known[key] = (*_full(was, will, rooms, ports), *_taken(ports))
        for found in self._known[key]:
            node = station.nodes[int(found.node)].name
            yield found._replace(province=self._after.fleet.province.name, station=station.name, node=node)

    def _loads(self, plan: Plan, station: Station, places: Sequence[int | None] | None) -> Loads:
        """With the positions that nodes have in the new plan; on nodes that go, nothing matters."""
        shape = plan.placement.signatures[plan.placement.signature_index[station.name]]
        if places is None:
            return {load.label: load for load in shape.loads}
        moved = {
            load.label: tuple(sorted(p for n in load.nodes if (p := places[n]) is not None))
            for load in shape.loads
        }
        return {
            load.label: replace(load, nodes=moved[load.label]) for load in shape.loads if moved[load.label]
        }

    def _rooms(self, station: Station, was: Loads, will: Loads) -> tuple[ResourceRequest, ...]:
        """What each node has for applications while it holds mirrors and the like of both plans."""
        return tuple(
            _least(
                overhead.room(node, [load for load in loads.values() if position in load.nodes])
                for overhead, loads in zip(self._overhead, (was, will), strict=True)
            )
            for position, node in enumerate(station.nodes)
        )


def _plain(loads: Loads) -> tuple[PodLoad, ...]:
    """Without what tells versions apart and nothing else."""
    return tuple(
        replace(loads[label], edition="", members=loads[label].members[:1]) for label in sorted(loads)
    )


def _least(rooms: Iterator[ResourceRequest]) -> ResourceRequest:
    one, other = rooms
    return ResourceRequest(min(one.cpu, other.cpu), min(one.memory, other.memory))


def _full(
    was: Loads, will: Loads, rooms: Sequence[ResourceRequest], ports: Iterable[_Port]
) -> Iterator[WaitingPod]:
    """Nodes that may be too full for a pod that has to find one."""
    loads = [_either(was.get(label), will.get(label)) for label in sorted(was.keys() | will.keys())]
    taken: Counter[str] = Counter()
    for port in ports:
        taken[port.by.label] += port.nodes
    for node, meeting in overcommits(loads, rooms, was.keys() - will.keys(), taken):
        asked, free = total(load.request for load in meeting), rooms[node]
        dimension = 1 if asked.memory > free.memory else 0
        pods = tuple(load.label for load in meeting)
        yield WaitingPod(
            "", "", 1, str(node), pods, ("CPU", "memory")[dimension], asked[dimension], free[dimension]
        )


def _either(old: PodLoad | None, new: PodLoad | None) -> PodLoad:
    """Pods of which each may be of one version or the other."""
    if old is None or new is None:
        found = new or old
        assert found is not None, "a label is of one side at least"
        return found
    nodes = tuple(sorted({*old.nodes, *new.nodes}))
    settled = old.settled and new.settled
    return replace(
        new,
        nodes=nodes,
        instances=len(nodes) if settled else max(old.instances, new.instances),
        apart=old.apart & new.apart,
        bound=old.bound or new.bound,
        surge=old.surge or new.surge,
        request=ResourceRequest(
            max(old.request.cpu, new.request.cpu), max(old.request.memory, new.request.memory)
        ),
        listens=old.listens & new.listens,
    )


class _Port(NamedTuple):
    """A port that pods want, and those that have it until they move."""

    wanted: tuple[int, str]
    by: PodLoad
    holders: tuple[PodLoad, ...]

    @property
    def nodes(self) -> int:
        """How many nodes of those who want it may be taken."""
        return min(len(self.by.nodes), sum(old.most_on(self.by.nodes) for old in self.holders))


def _ports(was: Loads, will: Loads) -> Iterator[_Port]:
    """What both want in one state is proved, or refused, by that state alone."""
    for new in will.values():
        had = was[new.label].listens if new.label in was else frozenset()
        for port in sorted(new.listens - had):
            holders = tuple(
                old
                for label, old in was.items()
                if port in old.listens
                and label != new.label
                and not (label in will and port in will[label].listens)
            )
            if holders:
                yield _Port(port, new, holders)


def _taken(ports: Iterable[_Port]) -> Iterator[WaitingPod]:
    """Where too few nodes are left to those who want a port."""
    for port in ports:
        if len(port.by.nodes) - port.nodes < port.by.needed:
            number, protocol = port.wanted
            first = next(n for n in port.by.nodes if any(n in old.nodes for old in port.holders))
            pods = (port.by.label, *(old.label for old in port.holders))
            yield WaitingPod("", "", 1, str(first), pods, f"port {number}/{protocol}")
