"""Node limits: how many pods, and how much scratch space, may meet on a node, against what its kubelet allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from milepost.diagnostics import Code, Related, Severity, Sink
from milepost.diagnostics.wording import and_more
from milepost.model.failover import Failovers
from milepost.model.fleet import Fleet, Node, Station
from milepost.model.plan import Placement, PodLoad
from milepost.model.quantity import bytes_of
from milepost.model.registry_routing import RegistryRouting
from milepost.plan.capacity.overhead_pods import OverheadPods
from milepost.plan.edge.reservation import max_pods
from milepost.plan.pass_order import Role

MP4110 = Code(
    "MP4110",
    "too many pods on a node",
    "A kubelet takes as many pods as its configuration says (`maxPods`) and turns the next one away. Counted is what may "
    "meet there in the worst placement, with what Milepost runs itself and one more of each that starts before its old pod "
    "is gone.",
    "# 120 components with replicas: every-node on one node\n",
)
MP4111 = Code(
    "MP4111",
    "scratch space exceeds a node's disk",
    "`scratch` volumes lie on the node's disk, beside images and data. When the disk runs full, the kubelet evicts pods, the "
    "largest first. Counted is what may meet there in the worst placement, against the disk less what is reserved.",
    "components: [{name: video, image: video, volumes: [{name: clips, path: /clips, scratch: 500Gi}]}]\n# on a disk of 64Gi\n",
)
MP4113 = Code(
    "MP4113",
    "node close to its limit",
    "More than 70 % of what a node takes may be in use: the next component may be the one too many.",
    "# 80 components with replicas: every-node on one node\n",
    Severity.WARNING,
)
ROLE = Role.CHECKS
_WARNED = 0.7


class _Use(NamedTuple):
    """What may meet on a node, and what it takes."""

    code: Code
    used: int
    limit: int
    words: str


def run(
    fleet: Fleet, placement: Placement, failovers: Failovers, registry: RegistryRouting, sink: Sink
) -> None:
    found: dict[tuple[str, str, bool], list[tuple[_Use, Node, Station, int]]] = {}
    overhead = OverheadPods(fleet, registry, failovers)
    for shape in placement.signatures:
        station = min(shape.stations, key=lambda s: s.name)
        for position, node in enumerate(station.nodes):
            loads = [load for load in shape.loads if position in load.nodes]
            for use in _uses(node, loads, overhead.pods(node.name, loads), fleet):
                if use.used > use.limit * _WARNED:
                    over = use.used > use.limit
                    key = (use.code.id, node.profile.name, over)
                    found.setdefault(key, []).append((use, node, station, len(shape.stations)))
    for places in found.values():
        use, node, station, _ = max(places, key=lambda place: (place[0].used, place[1].name))
        _report(use, node, station, sum(count for *_, count in places), sink)


def _uses(node: Node, loads: list[PodLoad], own: int, fleet: Fleet) -> Iterator[_Use]:
    pods = sum(1 + load.surge for load in loads) + own
    yield _Use(MP4110, pods, max_pods(node.profile), f"{pods} pods may meet")
    scratch = sum(_scratch(load, fleet) * (1 + load.surge) for load in loads)
    if scratch:
        room = node.profile.disk - node.profile.reserved_disk
        yield _Use(MP4111, scratch, room, f"scratch volumes of {-(-scratch // 2**30)} GiB may meet")


def _scratch(load: PodLoad, fleet: Fleet) -> int:
    parts = fleet.members(load.edition, load.members)
    return sum(bytes_of(v.scratch) for c in parts for v in c.settings.volumes if v.scratch is not None)


def _report(use: _Use, node: Node, station: Station, nodes: int, sink: Sink) -> None:
    over = use.used > use.limit
    limit = f"{use.limit} pods" if use.code is MP4110 else f"{max(0, use.limit) // 2**30} GiB"
    sink.report(
        use.code if over else MP4113,
        f'{use.words} on node "{node.name}"{and_more(nodes - 1, "node")}, and a "{node.profile.name}" takes {limit}',
        node.origin.of("profile").span,
        related=[Related(f"station {station.name}", station.origin.span)],
        hint="keep some of them off such nodes with node selectors, or choose larger hardware",
    )
