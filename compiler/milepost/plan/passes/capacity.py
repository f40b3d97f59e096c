"""Node capacity: whether every node holds whatever may run on it together, in the worst placement.

Counted is what the scheduler counts: requests, or limits where there are none, of every application that may be on the
node, of mirrors and of what else Milepost runs there; against what the hardware profile has beside what it reserves.
Pods stay where they are when a node is lost, and where a node is taken away for good they may go to any other that
fits: the worst placement holds all that may come. Stations of one shape are one problem.
"""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code, Related, Sink
from milepost.diagnostics.wording import and_more
from milepost.model.failover import Failovers
from milepost.model.fleet import Component, Fleet, Station
from milepost.model.origin import DocumentOrigin
from milepost.model.plan import Placement, PodLoad
from milepost.model.pod_template import draft
from milepost.model.quantity import cores
from milepost.model.record import record
from milepost.model.registry_routing import RegistryRouting
from milepost.model.resource_request import ResourceRequest, total
from milepost.plan.capacity.overcommit import Overcommit, overcommits
from milepost.plan.capacity.overhead_pods import OverheadPods
from milepost.plan.capacity.pod_requests import request
from milepost.plan.pass_order import Role

MP4050 = Code(
    "MP4050",
    "node overcommitted",
    "The scheduler puts pods on a node until their requests reach what the node has for pods: what the hardware profile "
    "says, less what it reserves. The next pod waits for ever. Where components may run on several nodes, the scheduler "
    "chooses, and it may choose the fullest: so whatever may meet on a node must fit on it, or leave every pod another "
    "node that surely has room.",
    "components: [{name: mysql, image: mysql, resources: {requests: {memory: 2Gi}}}]\n# on nodes with memory: 1Gi\n",
)
_NAMED = 3
"""Components that a message points at; the others are counted."""


ROLE = Role.CHECKS


def run(
    fleet: Fleet, placement: Placement, failovers: Failovers, registry: RegistryRouting, sink: Sink
) -> None:
    found: dict[tuple[str, str], list[_Place]] = {}
    for place in _places(placement, OverheadPods(fleet, registry, failovers)):
        # One message for each cause: the same component on the same hardware is the same fault
        # at each of a thousand stations.
        found.setdefault((place.profile, place.overcommit.loads[0].label), []).append(place)
    for places in found.values():
        _report(max(places, key=lambda place: place.order), sum(p.count for p in places), fleet, sink)


@record
class _Place:
    """A node that may be too small, at ``count`` stations alike; ``station`` is the first of them by name."""

    station: Station
    count: int
    overcommit: Overcommit
    free: ResourceRequest
    overhead: OverheadPods

    @property
    def profile(self) -> str:
        return self.station.nodes[self.overcommit.node].profile.name

    @property
    def asked(self) -> ResourceRequest:
        return total(load.request for load in self.overcommit.loads)

    @property
    def order(self) -> tuple[int, int, str]:
        """The worst last."""
        asked, free = self.asked, self.free
        return asked.memory - free.memory, asked.cpu - free.cpu, self.station.name


def _places(placement: Placement, overhead: OverheadPods) -> Iterator[_Place]:
    for shape in placement.signatures:
        for stations in overhead.grouped(shape):
            station = min(stations, key=lambda s: s.name)
            rooms = [
                overhead.room(node, (load for load in shape.loads if position in load.nodes))
                for position, node in enumerate(station.nodes)
            ]
            for overcommit in overcommits(shape.loads, rooms):
                yield _Place(station, len(stations), overcommit, rooms[overcommit.node], overhead)


def _report(place: _Place, count: int, fleet: Fleet, sink: Sink) -> None:
    node = place.station.nodes[place.overcommit.node]
    more = and_more(count - 1, "node")
    loads = place.overcommit.loads
    # Memory first, as in the order of places: where both are short, the message points at memory.
    over = [n for n in (1, 0) if place.asked[n] > place.free[n]]
    asked = " and ".join(_asked(n, place.asked[n]) for n in over)
    free = " and ".join(_free(n, place.free[n]) for n in over)
    less = " and ".join(_asked(n, place.asked[n] - place.free[n]) for n in over)
    hold = "1 pod that asks" if len(loads) == 1 else f"{len(loads)} pods that ask"
    first, *others = [_largest(load, over[0], fleet) for load in loads[:_NAMED]]
    related = [Related(_said(c, over[0]), _line(c, over[0]).span) for c in others]
    related += [
        Related(
            f'registry tier "{m.hop.tier.name}" has its mirror there',
            m.hop.tier.origin.of("spec", "mirror").span,
        )
        for m in place.overhead.mirrors.get(node.name, ())
    ]
    sink.report(
        MP4050,
        f'node "{node.name}"{more} may have to hold {hold} for {asked}, and a "{place.profile}" has {free} for them',
        _line(first, over[0]).span,
        related=[*related, Related(f"node {node.name}", node.origin.span)],
        hint=f"ask for {less} less, keep some of them off such nodes with a node selector, or choose larger hardware",
    )


def _largest(load: PodLoad, dimension: int, fleet: Fleet) -> Component:
    parts = fleet.members(load.edition, load.members)
    return max(parts, key=lambda c: request(draft([(c.settings, c.pod)]))[dimension])


def _line(component: Component, dimension: int) -> DocumentOrigin:
    """Where its request is said; the deepest of it that is there."""
    return component.origin.of("resources", "requests", ("cpu", "memory")[dimension])


def _said(component: Component, dimension: int) -> str:
    asked = request(draft([(component.settings, component.pod)]))[dimension]
    return f'"{component.name}" of "{component.application}" asks for {_asked(dimension, asked)}'


def _asked(dimension: int, amount: int) -> str:
    """Rounded up."""
    return f"{-(-amount // 2**20)} MiB of memory" if dimension else f"{cores(amount)} cores"


def _free(dimension: int, amount: int) -> str:
    """Rounded down."""
    return f"{max(0, amount) // 2**20} MiB" if dimension else f"{cores(max(0, amount))} cores"
