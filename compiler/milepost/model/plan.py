"""The plan: the fleet as decided. Each pass adds one kind of choice, with its reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from milepost.model.cloudcore_sizing import CloudCoreSizing
from milepost.model.edge_nodes import EdgeConfigs, LineRoutes
from milepost.model.edge_traffic import ManagementTraffic
from milepost.model.failover import Failovers
from milepost.model.fleet import Component, Fleet, Node, Station, StationGroup
from milepost.model.networks import Networks
from milepost.model.registry_routing import RegistryRouting
from milepost.model.requirements import ClusterRequirements
from milepost.model.resource_request import NOTHING, ResourceRequest
from milepost.model.rollout import Prepulls, RolloutGaps
from milepost.model.terms import NodeTerms

ALL_NODES = 100_000
"""`maxUnavailable` of a DaemonSet whose nodes may all restart at once: a number that no cluster's nodes reach.

A share would be one of the nodes that can be reached, while the pods of those that cannot count as unavailable: with half
of the nodes behind a cut line nothing would move on the others.
"""


@dataclass(frozen=True, slots=True)
class Workload:
    """One workload object of a class of stations, or of a class of station groups.

    Equal workloads make equal objects but for the placeholders that each station fills. ``members`` are the components
    that share its pods; the first gives the name.
    """

    application: str
    edition: str
    """The key of the edition that it comes from: of another one it would be another object, if of the same name."""
    members: tuple[str, ...]
    kind: str
    scope: str
    """``station``, ``station-group`` or ``province``: what one object of it is for."""
    replicas: int
    """Instances per station; 0 for every matching node."""
    terms: NodeTerms
    architectures: tuple[str, ...]
    variant: str | None = None
    """The architecture that this variant is for, where an image has one repository per architecture."""
    apart: tuple[tuple[str, bool], ...] = ()
    """Labels of the workloads that its pods never share a node with, itself included where instances spread; and
    whether the pods of that workload carry the station's label."""
    near: str | None = None
    """Label of the workload whose node its pods join."""
    bond: str | None = None
    """Label that pods of one instance each carry and seek, so that they stay on one node."""
    surge: bool = False
    max_unavailable: int = 1
    min_ready: int = 0
    """Seconds for which a new pod must have been ready before the next one restarts."""
    pin: int | None = None
    """Position in the station's nodes of the one that holds its data; sets the instance apart from its twins."""
    instance: str | None = None
    """The slot of this instance, where several keep data and each has a workload object of its own."""
    reason: str = ""

    @property
    def label(self) -> str:
        """Value of the label that tells its pods from others of the namespace, the station aside."""
        return f"{self.application}-{self.members[0]}"

    @property
    def stem(self) -> str:
        """Name of its objects, the station aside."""
        parts = (self.label, self.variant, self.instance)
        return "-".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class PodLoad:
    """Pods of one sort at a station, whichever object makes them: what the scheduler has to find nodes for there.

    ``members`` are the components that share them, ``nodes`` the positions of the nodes that they may run on.
    """

    application: str
    edition: str
    members: tuple[str, ...]
    nodes: tuple[int, ...]
    instances: int
    apart: frozenset[str] = frozenset()
    """Labels of the pods that they never share a node with."""
    bound: bool = False
    """Whether others lead them to a node, so that any of ``nodes`` must take them."""
    surge: bool = False
    """Whether one more may be there while a version changes."""
    request: ResourceRequest = NOTHING
    """What a node must have free for each."""
    listens: frozenset[tuple[int, str]] = frozenset()
    """Ports of the node that each takes, with their protocols."""

    @property
    def label(self) -> str:
        return f"{self.application}-{self.members[0]}"

    @property
    def needed(self) -> int:
        """How many of its nodes must take one."""
        # A pod that another one leads to a node has no choice, so each of its nodes must have
        # room.
        return len(self.nodes) if self.bound else self.instances

    @property
    def settled(self) -> bool:
        """Whether each of its nodes has one, so that nothing of it ever moves."""
        return self.instances == len(self.nodes)

    def avoids(self, other: PodLoad) -> bool:
        """Whether the scheduler keeps the two off each other's nodes."""
        # A port of the node works like anti-affinity: the scheduler never puts two pods there
        # that want the same one.
        return other.label in self.apart or not self.listens.isdisjoint(other.listens)

    def most_on(self, nodes: Collection[int]) -> int:
        """How many of its pods may be on ``nodes``."""
        return min(self.instances + self.surge, len(set(self.nodes).intersection(nodes)))


@dataclass(frozen=True, slots=True, eq=False)
class StationSignature:
    """Stations of one number in ``Placement.signature_index``, and everything that is placed there, of station and of group."""

    applications: tuple[str, ...]
    """Keys of their editions."""
    loads: tuple[PodLoad, ...]
    stations: tuple[Station, ...]
    resting: tuple[PodLoad, ...] = ()
    """Of editions that a release moves these stations to or from, and that do not run there now."""


@dataclass(frozen=True, slots=True, eq=False)
class StationClass:
    """Stations that differ in nothing but names and values; sorted by name."""

    workloads: tuple[Workload, ...]
    stations: tuple[Station, ...]


@dataclass(frozen=True, slots=True, eq=False)
class GroupClass:
    """Station groups that differ in nothing but names and values; sorted by name."""

    workloads: tuple[Workload, ...]
    groups: tuple[StationGroup, ...]


@dataclass(frozen=True, slots=True)
class Partition:
    """KubeEdge's NodeGroups: name and the label value that its members carry."""

    label: str
    names: tuple[str, ...]


class RunningVersions(NamedTuple):
    """Which version of each application runs where."""

    of_group: Mapping[str, Mapping[str, str]]
    """Station group, then application, to the version that runs there."""


class ImageBuilds(NamedTuple):
    """What images were built for, by key of the edition and component name."""

    platforms: Mapping[tuple[str, str], tuple[str, ...]]
    """The architectures that every version in use has an image for."""
    builds: Mapping[tuple[str, str], tuple[tuple[str, tuple[str, ...]], ...]]
    """What each image of its pods, as a message names it, was built for."""
    carried: Mapping[str, tuple[str, ...]]
    """By key of the edition: repositories of containers that come with a manifest or a patch."""


class SelectingLabels(NamedTuple):
    """Labels by which applications select stations; at each station its nodes were found to agree on them."""

    keys: frozenset[str]


class Placement(NamedTuple):
    """Which workloads each station and each station group has."""

    signature_index: Mapping[str, int]
    """Station to a number: stations of one number have the same type, the same applications, and the same nodes in the
    eyes of every selector."""
    signatures: tuple[StationSignature, ...]
    """By the numbers of ``signature_index``."""
    station_classes: tuple[StationClass, ...]
    group_classes: tuple[GroupClass, ...]
    resting: tuple[Workload, ...] = ()
    """Behind the resting loads of ``signatures``."""

    def workloads(self) -> tuple[Workload, ...]:
        """Each workload once, those of stations first."""
        found = [w for c in self.station_classes for w in c.workloads]
        found += [w for c in self.group_classes for w in c.workloads]
        # Once each, in order: classes of stations share most of their workloads.
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, eq=False)
class CloudPlacement:
    """What runs in the province's cluster itself, on nodes that are no edge nodes."""

    workloads: tuple[Workload, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The decisions for one province: what each pass gave, under the name of what it is about."""

    fleet: Fleet
    running: RunningVersions
    images: ImageBuilds
    networks: Networks
    placement: Placement
    failovers: Failovers
    cloud: CloudPlacement
    registry: RegistryRouting
    partition: Partition | None
    prepulls: Prepulls
    interruptions: RolloutGaps
    requirements: ClusterRequirements
    routes: LineRoutes
    edge: EdgeConfigs
    traffic: ManagementTraffic
    sizing: CloudCoreSizing | None

    def members(self, workload: Workload) -> tuple[Component, ...]:
        """The components that share the pods of ``workload``."""
        return self.fleet.members(workload.edition, workload.members)


def node_labels(node: Node, station: Station, domain: str) -> dict[str, str]:
    """Every label that a node must carry for placement to find it; sorted by key.

    Its own domain throughout: the kubelet refuses unknown ``kubernetes.io`` labels at start.
    """
    labels = {key: str(setting.value) for key, setting in node.labels.items()}
    for role in node.roles:
        labels[f"{domain}/role-{role}"] = ""
    labels[f"{domain}/profile"] = node.profile.name
    labels[f"{domain}/station"] = station.name
    labels[f"{domain}/station-group"] = station.group
    labels[f"{domain}/station-type"] = station.type
    return dict(sorted(labels.items()))
