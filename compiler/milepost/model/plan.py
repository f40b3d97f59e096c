"""The fleet as decided. A pass adds one kind of choice, with its reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from milepost.model.fleet import Application, Component, Fleet, Node, Station, StationGroup
from milepost.model.registry import Registry
from milepost.model.request import NOTHING, Request
from milepost.model.rollout import Gap, WavePull
from milepost.model.terms import NodeTerms


@dataclass(frozen=True, slots=True)
class Workload:
    """One workload object of a class of stations, or of a class of station groups.

    Equal workloads make equal objects but for the holes that each station fills. ``members`` are the components
    that share its pods; the first gives the name.
    """

    application: str
    members: tuple[str, ...]
    kind: str
    scope: str
    """``station`` or ``station-group``: what one object of it is for."""
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
    max_unavailable: str | int = 1
    min_ready: int = 0
    """Seconds for which a new pod must have been ready before the next one restarts."""
    pin: int | None = None
    """Position in the station's nodes of the one that holds its data; sets the instance apart from its twins."""
    instance: int | None = None
    """Number of this instance where each has a workload object of its own."""
    reason: str = ""

    @property
    def label(self) -> str:
        """Value of the label that tells its pods from others of the namespace, the station aside."""
        return f"{self.application}-{self.members[0]}"

    @property
    def stem(self) -> str:
        """Name of its objects, the station aside."""
        parts = (self.label, self.variant, None if self.instance is None else str(self.instance))
        return "-".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Load:
    """Pods of one sort at a station, whichever object makes them: what the scheduler has to find nodes for there.

    ``members`` are the components that share them, ``nodes`` the positions of the nodes that they may run on.
    """

    application: str
    members: tuple[str, ...]
    nodes: tuple[int, ...]
    instances: int
    apart: frozenset[str] = frozenset()
    """Labels of the pods that they never share a node with."""
    bound: bool = False
    """Whether others lead them to a node, so that any of ``nodes`` must take them."""
    surge: bool = False
    """Whether one more may be there while a version changes."""
    request: Request = NOTHING
    """What a node must have free for each."""
    listens: frozenset[tuple[int, str]] = frozenset()
    """Ports of the node that each takes, with their protocols."""

    @property
    def label(self) -> str:
        return f"{self.application}-{self.members[0]}"

    @property
    def needed(self) -> int:
        """How many of its nodes must take one."""
        return len(self.nodes) if self.bound else self.instances

    @property
    def settled(self) -> bool:
        """Whether each of its nodes has one, so that nothing of it ever moves."""
        return self.instances == len(self.nodes)

    def avoids(self, other: Load) -> bool:
        """Whether the scheduler keeps the two off each other's nodes."""
        return other.label in self.apart or not self.listens.isdisjoint(other.listens)

    def most_on(self, nodes: Collection[int]) -> int:
        """How many of its pods may be on ``nodes``."""
        return min(self.instances + self.surge, len(set(self.nodes).intersection(nodes)))


@dataclass(slots=True, eq=False)
class Shape:
    """Stations of one number in ``Plan.alike``, and everything that is placed there, of station and of group."""

    applications: tuple[str, ...]
    loads: tuple[Load, ...]
    stations: list[Station] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class StationClass:
    """Stations that differ in nothing but names and values."""

    workloads: tuple[Workload, ...]
    stations: list[Station] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class GroupClass:
    """Station groups that differ in nothing but names and values."""

    workloads: tuple[Workload, ...]
    groups: list[StationGroup] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Partition:
    """KubeEdge's NodeGroups: name and the label value that its members carry."""

    label: str
    names: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Plan:
    """The decisions for one province; passes fill it in their order."""

    fleet: Fleet
    components: Mapping[tuple[str, str], Component] = field(default_factory=dict)
    """By application and component name."""
    groups: Mapping[str, StationGroup] = field(default_factory=dict)
    versions: dict[str, dict[str, str]] = field(default_factory=dict)
    """Station group, then application, to the version that runs there."""
    platforms: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """By application and component name: the architectures that every version in use has an image for."""
    builds: dict[tuple[str, str], tuple[tuple[str, tuple[str, ...]], ...]] = field(default_factory=dict)
    """By application and component name: what each image of its pods, as a message names it, was built for."""
    carried: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By application: repositories of containers that come with a manifest or a patch."""
    registry: Registry = field(default_factory=Registry)
    alike: dict[str, int] = field(default_factory=dict)
    """Station to a number: stations of one number have the same type, the same applications, and the same nodes in the
    eyes of every selector."""
    shapes: list[Shape] = field(default_factory=list)
    """By the numbers of ``alike``."""
    station_classes: list[StationClass] = field(default_factory=list)
    group_classes: list[GroupClass] = field(default_factory=list)
    partition: Partition | None = None
    pulls: list[WavePull] = field(default_factory=list)
    """Every wave that has station groups here, in order of release and wave, but those without a pre-pull."""
    gates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Station group to the pre-pull units that it may not switch before."""
    gaps: list[Gap] = field(default_factory=list)
    """How long instances with a limit are away, the longest of each component."""

    def application(self, name: str) -> Application:
        return next(a for a in self.fleet.catalog.applications if a.name == name)

    def members(self, workload: Workload) -> tuple[Component, ...]:
        return tuple(self.components[workload.application, name] for name in workload.members)


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
