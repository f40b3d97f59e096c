"""A wave's pulls in one province, in stages: which nodes pull first, which job tells which nodes what.

Each mirror is filled by one node of each kind before all others ask it: a cold mirror fetches anew for everyone who
asks at the same time, and has been seen to hand out truncated blobs then. So there is a stage for each level of
mirrors, and a last one for all nodes. Within a stage all nodes pull at once: KubeEdge takes the nodes of a job in no
known order, so with fewer places than nodes some lines would idle while others were shared; and it frees a place only
when a node answers, so one lost answer would hold up those that wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from milepost.model.fleet import Node, Release, Station, Wave
from milepost.model.plan import Plan
from milepost.model.rollout import DiskUse, NodePull, PullJob, PullStage, WavePull
from milepost.plan.changes import Change, Changes, Kind
from milepost.plan.mirror_tree import LEVELS, MirrorTree

MOST_NODES = 100
"""Nodes of one job. Its object holds the answers of all of them, and each answer rewrites it: an answer that meets too
many others is lost. Well below 500, where the object itself gets too large."""
_SUFFIX = {"province": "-province", "station-group": "-sections", "station": "-stations"}


@dataclass(slots=True, eq=False)
class _Puller:
    """A node that pulls something."""

    node: Node
    station: Station
    change: Change

    @property
    def order(self) -> tuple[bool, str]:
        """Wired nodes first, then by name; never by rates, so that a faster line changes nothing but times."""
        access = self.node.access or self.station.access
        return (access is not None and access.medium == "wireless", self.node.name)

    def pull(self) -> NodePull:
        return NodePull(self.node, self.station, self.change.layers)


@dataclass(slots=True, eq=False)
class WaveInProvince:
    """One wave's part in the province."""

    plan: Plan
    release: Release
    wave: Wave
    number: int
    changes: Changes
    tree: MirrorTree
    pullers: list[_Puller] = field(default_factory=list)

    def pull(self) -> WavePull | None:
        groups = tuple(sorted(self.wave.groups & self.plan.groups.keys()))
        stations = [s for name in groups for s in self.plan.groups[name].stations]
        found = (_Puller(n, s, self.changes.of(n, s)) for s in stations for n in s.nodes)
        self.pullers = [p for p in found if p.change.images]
        if not groups:
            return None
        return WavePull(
            release=self.release,
            wave=self.wave,
            number=self.number,
            groups=groups,
            stations=len({p.station.name for p in self.pullers}),
            nodes=len(self.pullers),
            images=self._images(),
            stages=tuple(self._stages()),
            disks=self._disks(),
        )

    def _images(self) -> tuple[str, ...]:
        pulled = {repository for p in self.pullers for repository, _ in p.change.key}
        application = self.plan.application(self.release.application)
        images = {c.image.name: c.image for c in application.components}
        before, after = application.versions[self.release.start], application.versions[self.release.to]
        return tuple(
            f"{name} {before[name]} -> {after[name]}"
            for name, image in sorted(images.items())
            if pulled & set(image.repositories.values())
        )

    def _disks(self) -> tuple[DiskUse, ...]:
        fullest: dict[str, DiskUse] = {}
        for puller in self.pullers:
            profile, size = puller.node.profile.name, puller.change.disk
            if profile not in fullest or fullest[profile].size < size:
                fullest[profile] = DiskUse(puller.node, size)
        return tuple(fullest[name] for name in sorted(fullest))

    def _stages(self) -> Iterator[PullStage]:
        if not self.pullers:
            return
        inside = self.wave.together and self.plan.fleet.province.sync.engine == "argocd"
        first, after, order = set[object](), None, 0
        levels = LEVELS[1:] if inside else LEVELS
        for level in (*levels, ""):
            chosen = self._first_ones(level, first) if level else self._others(first)
            if not chosen and level:
                continue
            jobs = self._named_jobs(level, chosen, inside) if level else self._jobs()
            unit = "" if inside else self._unit(level)
            pulls = tuple(p.pull() for p in chosen)
            yield PullStage(level, unit, tuple(jobs), pulls, after if after != unit else None, order)
            after, order = unit or None, order + 1

    def _unit(self, level: str) -> str:
        """Argo CD orders the objects of one Application, Flux orders Kustomizations."""
        whole = f"prepull/{self.release.name}-{self.wave.name}"
        flux = self.plan.fleet.province.sync.engine == "flux"
        return whole + _SUFFIX[level] if level and flux else whole

    def _first_ones(self, level: str, first: set[object]) -> list[_Puller]:
        """For each mirror of ``level`` one node of each kind that nobody has pulled through it for; into ``first``."""
        chosen = []
        for puller in sorted(self.pullers, key=lambda p: p.order):
            kind = (puller.change.key, puller.node.profile.architecture)
            hosts = sorted({repository.partition("/")[0] for repository, _ in puller.change.key})
            ways = [self.tree.way(puller.station, host) for host in hosts]
            if any((mirror, kind) not in first for way in ways for mirror in way if mirror.level == level):
                chosen.append(puller)
                first |= {(mirror, kind) for way in ways for mirror in way} | {puller.node}
        return chosen

    def _others(self, first: set[object]) -> list[_Puller]:
        return [p for p in self.pullers if p.node not in first]

    def _named_jobs(self, level: str, chosen: Iterable[_Puller], inside: bool) -> Iterator[PullJob]:
        """Nodes by name: which ones go first is a choice, and no label says it."""
        found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for puller in chosen:
            group = puller.station.group
            key = (group if inside else "", self._references(puller.change.key, group))
            found.setdefault(key, []).append(puller.node.name)
        for (group, images), names in sorted(found.items()):
            stem = f"{self.release.name}-{group or self.wave.name}{_SUFFIX[level]}"
            for part in _parts(sorted(names)):
                yield PullJob(stem, images, len(part), names=tuple(part), group=group)

    def _jobs(self) -> Iterator[PullJob]:
        """Nodes by labels, so that each pulls what its pods need and nothing else."""
        counts: dict[tuple[str, Kind], dict[str, int]] = {}
        images: dict[tuple[str, Kind], set[tuple[str, str]]] = {}
        for puller in self.pullers:
            for kind, found in puller.change.images.items():
                key = (puller.station.group, kind)
                stations = counts.setdefault(key, {})
                stations[puller.station.name] = stations.get(puller.station.name, 0) + 1
                images.setdefault(key, set()).update(found)
        for (group, kind), stations in counts.items():
            yield from self._of_kind(group, kind, stations, self._references(images[group, kind], group))

    def _of_kind(
        self, group: str, kind: Kind, counts: dict[str, int], images: tuple[str, ...]
    ) -> Iterator[PullJob]:
        chunks = list(_chunks(counts))
        for chunk in chunks:
            yield PullJob(
                stem=f"{self.release.name}-{group}",
                images=images,
                nodes=sum(counts[name] for name in chunk),
                group=group,
                stations=tuple(chunk) if len(chunks) > 1 else (),
                terms=kind.terms,
                architectures=kind.architectures,
            )

    def _references(self, images: Iterable[tuple[str, str]], group: str) -> tuple[str, ...]:
        """As the pods of ``group`` name them."""
        found = {
            f"{self.plan.registry.repository(group, repository)}@{digest}" for repository, digest in images
        }
        return tuple(sorted(found))


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), MOST_NODES):
        yield names[start : start + MOST_NODES]


def _chunks(counts: dict[str, int]) -> Iterator[list[str]]:
    """Stations in order, as many as one job holds; a station is never cut."""
    chunk: list[str] = []
    for name in sorted(counts):
        if chunk and sum(counts[n] for n in (*chunk, name)) > MOST_NODES:
            yield chunk
            chunk = []
        chunk.append(name)
    if chunk:
        yield chunk
