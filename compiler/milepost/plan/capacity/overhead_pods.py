"""Overhead pods: what Milepost itself runs on nodes beside applications, such as mirrors and pods that only pull."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from milepost.model.failover import Failovers
from milepost.model.fleet import Fleet, Node, Station, Tier
from milepost.model.plan import PodLoad, StationSignature
from milepost.model.registry_routing import AGENT_RESOURCES, Mirror, RegistryRouting
from milepost.model.resource_request import NOTHING, ResourceRequest, total
from milepost.model.rollout import PULL_RESOURCES
from milepost.plan.capacity.pod_requests import of_container, room

AGENT = of_container({"resources": AGENT_RESOURCES})
_PULL = of_container({"resources": PULL_RESOURCES})


class OverheadPods:
    """Those of one province, by node."""

    def __init__(self, fleet: Fleet, registry: RegistryRouting, failovers: Failovers | None = None) -> None:
        self.mirrors: dict[str, tuple[Mirror, ...]] = {}
        """Those at sites, by the name of the node that runs them."""
        self._mirrored: dict[str, tuple[object, ...]] = {}
        """Stations with mirrors: which tiers, with which ports, on which of their nodes."""
        for mirror in registry.mirrors:
            if mirror.node is not None and mirror.home is not None:
                self.mirrors[mirror.node.name] = (*self.mirrors.get(mirror.node.name, ()), mirror)
                here = (mirror.home.nodes.index(mirror.node), mirror.hop.tier.name, mirror.hop.port)
                self._mirrored[mirror.home.name] = (*self._mirrored.get(mirror.home.name, ()), here)
        self._requests = mirror_requests(registry)
        self._everywhere = AGENT if registry.agents else NOTHING
        # The new daemon stands beside the old one until that has given its addresses away.
        self._daemons = total([failovers.request] * 2) if failovers else NOTHING
        self._moving = _moving(fleet, failovers) if failovers else frozenset[str]()
        levels = len({m.hop.tier.settings.level for m in registry.mirrors})
        self._pulls = self._pulling(fleet, levels)

    def _pulling(self, fleet: Fleet, levels: int) -> Mapping[str, int]:
        """By application that is released: pods that pull for it, on a node that fills a mirror of every level."""
        # KubeEdge and OpenKruise pull through an agent of the node, without a pod. Only the
        # DaemonSet engine runs pods that the scheduler counts.
        if fleet.province.prepull.engine != "daemonset":
            return {}
        return {r.application: levels for r in fleet.catalog.releases if r.without_prepull is None}

    def grouped(self, shape: StationSignature) -> Iterator[Sequence[Station]]:
        """The stations of a shape, cut by which tiers have a mirror on which of their nodes."""
        by_mirrors: dict[object, list[Station]] = {}
        # Without mirrors at sites every station of a shape is the same problem. Grouping by
        # name would cost one lookup for each of tens of thousands of stations.
        if not self._mirrored:
            yield shape.stations
            return
        for station in shape.stations:
            by_mirrors.setdefault(self._mirrored.get(station.name), []).append(station)
        yield from by_mirrors.values()

    def room(self, node: Node, loads: Iterable[PodLoad]) -> ResourceRequest:
        """What a node has for applications, of which ``loads`` may run there."""
        own, taken = room(node.profile), self.on(node.name, loads)
        return ResourceRequest(own.cpu - taken.cpu, own.memory - taken.memory)

    def on(self, node: str, loads: Iterable[PodLoad]) -> ResourceRequest:
        """What they ask for on a node that ``loads`` may run on; one pod pulls for each of a released application."""
        pulls = self._pulls_on(loads)
        mirrors = [self._requests[mirror.hop.tier] for mirror in self.mirrors.get(node, ())]
        daemons = self._daemons if node in self._moving else NOTHING
        return total([self._everywhere, daemons, *mirrors, *[_PULL] * pulls])

    def pods(self, node: str, loads: Iterable[PodLoad]) -> int:
        """How many they are on a node that ``loads`` may run on."""
        own = len(self.mirrors.get(node, ())) + 2 * (node in self._moving)
        return own + (self._everywhere != NOTHING) + self._pulls_on(loads)

    def _pulls_on(self, loads: Iterable[PodLoad]) -> int:
        released = [load.application for load in loads if load.application in self._pulls]
        return len(released) + sum(self._pulls[name] for name in set(released))


def _moving(fleet: Fleet, failovers: Failovers) -> frozenset[str]:
    """Nodes that may have a virtual address."""
    stations = (s for g in fleet.province.groups for s in g.stations if s.name in failovers.led)
    return frozenset([s.nodes[index].name for s in stations for index in failovers.nodes(s)])


def mirror_requests(registry: RegistryRouting) -> Mapping[Tier, ResourceRequest]:
    """What the one pod of a mirror asks for, by its tier."""
    tiers = dict.fromkeys(mirror.hop.tier for mirror in registry.mirrors)
    return {tier: of_container({"resources": mirror_resources(tier)}) for tier in tiers}


def mirror_resources(tier: Tier) -> Mapping[str, object]:
    """What the mirrors of a tier ask for and may take, in Kubernetes' words."""
    mirror = tier.settings.mirror
    return mirror.resources if mirror else {}
