"""The rollout of a release as planned: which node pulls what and when, over which lines, and how long instances are
away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from milepost.model.fleet import Component, Node, Release, Station, Wave
from milepost.model.terms import NodeTerms

PULL_RESOURCES = {"requests": {"cpu": "1m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}
"""Of each container of a pod that only pulls; they start one after the other."""

MOST_NODES = 100
"""Nodes of one pull job. Its object holds the answers of all of them, and each answer rewrites it: an answer that meets
too many others is lost. Well below 500, where the object itself gets too large."""

COLLECTED_AT = 0.85
"""EdgeCore's ``imageGCHighThresholdPercent``."""
ON_DISK = 3.5
"""Bytes on disk for each compressed byte: containerd keeps the blobs, and what gzip made of programs unpacks to about
two and a half times as much."""
_STEP = 900
"""Timeouts are whole quarters of an hour, so that a node more or less changes no job."""
_ALLOWANCE = 600
"""Seconds for what is not pulling: the order to start, the check, the answers."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A layer as it travels, and the registry that it comes from. Of one digest there is one in a plan."""

    digest: str
    size: int
    """Compressed bytes."""
    host: str


@dataclass(slots=True, eq=False)
class NodePulls:
    """What nodes of one station have to fetch over one line, the same for each."""

    station: Station
    node: Node
    """The first of them, by name."""
    count: int
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class PullJob:
    """One order to pull: images for nodes of one kind, all at once.

    Either ``names`` are its nodes, or the labels of ``group`` with ``stations``, ``terms`` and ``architectures`` select
    them, those that join later among them.
    """

    stem: str
    """Its name but for the hash of its content."""
    images: tuple[str, ...]
    """As the workloads' pods name them, with the digest; sorted."""
    nodes: int
    names: tuple[str, ...] = ()
    group: str = ""
    """Empty where its nodes are of several station groups."""
    stations: tuple[str, ...] = ()
    """Where a group has too many nodes for one job; otherwise all of them."""
    terms: NodeTerms = field(default_factory=NodeTerms)
    architectures: tuple[str, ...] = ()

    @property
    def places(self) -> int:
        """How many of its nodes may pull at once: all of them, and those that join later."""
        return max(MOST_NODES, self.nodes)


@dataclass(frozen=True, slots=True)
class LineLoad:
    """What crosses the lines of one sort in one stage: the slowest of them, and all together."""

    sort: str
    """The level of the mirrors that they lead to; ``site`` for the lines of stations and nodes."""
    line: str
    """The slowest."""
    rate: float
    """Its bits a second that may be counted on."""
    size: int
    """Bytes that cross it; a cold mirror fetches more than it gives."""
    lines: int
    total: int
    """Bytes over all of them."""

    @property
    def seconds(self) -> float:
        return self.size * 8 / self.rate


@dataclass(frozen=True, slots=True, eq=False)
class PullStage:
    """Pulls that run at once. A stage begins when the one before it is done."""

    level: str
    """The level whose mirrors it fills by one node of each kind; empty for the stage that serves all nodes."""
    unit: str
    """The folder of its jobs; empty where they stand with the workloads of their station group."""
    jobs: tuple[PullJob, ...]
    pulls: tuple[NodePulls, ...]
    after: str | None
    """The unit of the stage before, where a unit of its own."""
    order: int
    """Its place in its unit: negative before the workloads of a station group."""
    loads: tuple[LineLoad, ...]
    """One for each sort of line that is used, the slowest first."""

    @property
    def seconds(self) -> float:
        return self.loads[0].seconds if self.loads else 0.0

    @property
    def timeout(self) -> int:
        """Seconds after which a node that has not answered counts as failed."""
        # Twice the computed time: it is computed from nominal rates. Rounded to quarters of an
        # hour, because the timeout is part of the job's name, which must not change with every
        # node.
        return -(-int(2 * self.seconds + _ALLOWANCE) // _STEP) * _STEP

    @property
    def nodes(self) -> int:
        return sum(pulls.count for pulls in self.pulls)


@dataclass(frozen=True, slots=True, eq=False)
class DiskUse:
    """The node of one hardware profile that has most images on it when a wave has pulled."""

    node: Node
    size: int
    """Compressed bytes of the images of the old and the new version, and of everything else that runs there."""

    @property
    def room(self) -> float:
        """Bytes that images may have on the disk before the kubelet removes any."""
        # Measured by the kubelet over the whole disk, so what the system takes counts against
        # the same 85 %.
        return self.node.profile.disk * COLLECTED_AT - self.node.profile.reserved_disk

    @property
    def use(self) -> float:
        """Part of ``room`` that is used; above 1 the kubelet removes images."""
        return self.size * ON_DISK / self.room if self.room > 0 else float("inf")


@dataclass(frozen=True, slots=True, eq=False)
class WavePull:
    """A wave's part in one province."""

    release: Release
    wave: Wave
    number: int
    groups: tuple[str, ...]
    stations: int
    nodes: int
    """Those that pull anything."""
    images: tuple[str, ...]
    """Name and versions of the images that change."""
    stages: tuple[PullStage, ...]
    disks: tuple[DiskUse, ...]
    """One for each hardware profile, by its name."""
    window: int
    """Seconds that all stages may take together."""

    @property
    def prepulled(self) -> bool:
        return self.number < self.release.prepulled

    @property
    def switched(self) -> bool:
        return self.number < self.release.switched

    @property
    def applied(self) -> bool:
        return self.number < self.release.applied

    @property
    def state(self) -> str:
        return self.release.state(self.number)

    @property
    def seconds(self) -> float:
        return sum(stage.seconds for stage in self.stages)

    @property
    def fullest(self) -> float:
        """Part of the space for images that the fullest disk uses; above 1 the kubelet removes some."""
        return max((disk.use for disk in self.disks), default=0.0)

    @property
    def most(self) -> int:
        """Bytes that the node with most to fetch fetches."""
        layers = {pulls.layers for stage in self.stages for pulls in stage.pulls}
        return max((sum(layer.size for layer in found) for found in layers), default=0)


class Gate(NamedTuple):
    """What waits for a pre-pull: the application that moves, in one station group. Nothing else of the group does."""

    group: str
    application: str
    unit: str
    """The folder of the last jobs that it waits for; empty where they stand with the workloads of the group."""


class Prepulls(NamedTuple):
    """What is pulled ahead, and what waits for it."""

    waves: tuple[WavePull, ...]
    """Every wave that has station groups here, in order of release and wave, but those without a pre-pull."""
    gates: tuple[Gate, ...]
    """In order of group and application."""


@dataclass(frozen=True, slots=True, eq=False)
class Interruption:
    """How long an instance is away while its version changes, as a sum of parts in seconds."""

    component: Component
    limit: int
    parts: Mapping[str, float]
    cut: int | None = None
    """Seconds for which the line may be gone: an instance whose line is cut after the old pod has gone waits for so long.
    None where nothing has to cross the line in between."""

    @property
    def seconds(self) -> float:
        return sum(self.parts.values())


class RolloutGaps(NamedTuple):
    """How long instances with a limit are away, the longest of each component."""

    longest: tuple[Interruption, ...]
