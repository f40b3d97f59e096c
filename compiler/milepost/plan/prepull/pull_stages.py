"""Pull stages of a wave in one province: which nodes pull first, which job tells which nodes what.

Each mirror is filled by one node of each kind before all others ask it: a cold mirror fetches anew for everyone who
asks at the same time, and has been seen to hand out truncated blobs then. So there is a stage for each level of
mirrors, and a last one for all nodes. Within a stage all nodes pull at once: KubeEdge takes the nodes of a job in no
known order, so with fewer places than nodes some lines would idle while others were shared; and it frees a place only
when a node answers, so one lost answer would hold up those that wait.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from milepost.model.delivery.base import engine
from milepost.model.duration import seconds
from milepost.model.fleet import Fleet, Wave
from milepost.model.registry_routing import RegistryRouting
from milepost.model.rollout import DiskUse, NodePulls, PullJob, PullStage, WavePull
from milepost.plan.mirrors.mirror_tree import LEVELS, MirrorTree, PullLocation, UpstreamMirror
from milepost.plan.prepull.image_changes import ImageChanges
from milepost.plan.prepull.pull_groups import PullGroup, pull_groups
from milepost.plan.prepull.pull_jobs import labelled_jobs, named_jobs

_SUFFIX = {"province": "province", "station-group": "sections", "station": "stations"}


class WaveInProvince:
    """One wave's part in the province."""

    def __init__(
        self, fleet: Fleet, registry: RegistryRouting, changes: ImageChanges, tree: MirrorTree, number: int
    ) -> None:
        self._fleet, self._registry, self._tree = fleet, registry, tree
        self._release, self._number = changes.release, number
        self._wave: Wave = changes.release.waves[number]
        self._groups = tuple(sorted(self._wave.groups & fleet.groups.keys()))
        stations = [s for name in self._groups for s in fleet.groups[name].stations]
        self._crowds: Sequence[PullGroup] = pull_groups(stations, changes)
        self._known: dict[object, tuple[str, ...]] = {}
        self._units_wait = engine(fleet.province.sync.engine).ORDERS_UNITS
        self._inside = self._wave.together and not self._units_wait
        """Where only the objects of one unit are ordered, the jobs stand with the workloads."""

    def pull(self) -> WavePull | None:
        """None where no station group of the wave is in the province."""
        if not self._groups:
            return None
        # Waves are days apart, and a pull-through cache of CNCF Distribution forgets content
        # after a week: nothing may be counted as kept from the last wave.
        self._tree.cool()
        own = self._wave.window
        return WavePull(
            release=self._release,
            wave=self._wave,
            number=self._number,
            groups=self._groups,
            stations=len({pull_group.station for pull_group in self._crowds}),
            nodes=sum([pull_group.count for pull_group in self._crowds]),
            images=self._images(),
            stages=tuple(self._stages()) if self._crowds else (),
            disks=self._disks(),
            window=seconds(self._fleet.province.prepull.window) if own is None else own,
        )

    def _images(self) -> tuple[str, ...]:
        changes = {pull_group.change for pull_group in self._crowds}
        pulled = {repository for change in changes for repository, _ in change.pulled}
        release = self._release
        ends = [(release.start, self._fleet.edition(release.application, release.start))]
        ends += [(release.to, self._fleet.edition(release.application, release.to))]
        images = {c.image.name: c.image for _, edition in ends for c in edition.components}
        before, after = (edition.versions.get(version, {}) for version, edition in ends)
        return tuple(
            f"{name} {before.get(name, 'none')} -> {after.get(name, 'none')}"
            for name, image in sorted(images.items())
            if not pulled.isdisjoint(image.repositories.values())
        )

    def _disks(self) -> tuple[DiskUse, ...]:
        fullest: dict[str, DiskUse] = {}
        for pull_group in self._crowds:
            profile, size = pull_group.node.profile.name, pull_group.change.disk
            # Disks of one profile are alike, so the node with most on it decides for all of
            # them.
            if profile not in fullest or fullest[profile].size < size:
                fullest[profile] = DiskUse(pull_group.node, size)
        return tuple(fullest[name] for name in sorted(fullest))

    def _stages(self) -> Iterator[PullStage]:
        after, order = None, 0
        chosen: set[PullGroup] = set()
        for level, first in self._first_ones():
            jobs = tuple(self._named(level, first))
            yield self._stage(level, jobs, tuple([pull_group.pulls(1) for pull_group in first]), after, order)
            chosen.update(first)
            after, order = self._unit(level) if self._units_wait else None, order + 1
        rest = [
            pull_group.pulls(pull_group.count - 1) if pull_group in chosen else pull_group
            for pull_group in self._crowds
        ]
        everywhere = tuple(labelled_jobs(self._release.name, self._crowds, self._references))
        yield self._stage("", everywhere, tuple([pulls for pulls in rest if pulls.count]), after, order)

    def _stage(
        self,
        level: str,
        jobs: tuple[PullJob, ...],
        pulls: tuple[NodePulls, ...],
        after: str | None,
        order: int,
    ) -> PullStage:
        """Called in order of stages: what one has pulled is in the mirrors for the next."""
        return PullStage(level, self._unit(level), jobs, pulls, after, order, self._tree.pull(pulls))

    def _unit(self, level: str) -> str:
        """Where units wait for each other, each stage is one; otherwise stages are ordered within one unit."""
        if self._inside:
            return ""
        whole = f"prepull/{self._release.name}-{self._wave.name}"
        return f"{whole}-{_SUFFIX[level]}" if self._units_wait and level else whole

    def _first_ones(self) -> Iterator[tuple[str, Sequence[PullGroup]]]:
        """For each level the pull groups whose first nodes fill its mirrors: one for each mirror and kind of node.

        Only the first node of a kind at a place can be one: what it does not fill, nobody behind it would.
        """
        leaders: dict[tuple[PullLocation, int], PullGroup] = {}
        for pull_group in self._crowds:
            key = (self._tree.place(pull_group.station), pull_group.change.kind)
            # The smallest in `order` and not the first found: which node goes first is written
            # into a job by name, and must not follow from the order of the inventory.
            leader = leaders.get(key)
            if leader is None or pull_group.order < leader.order:
                leaders[key] = pull_group
        mirrors = {
            pull_group: [(mirror, kind) for host in pull_group.change.hosts for mirror in place.way(host)]
            for (place, kind), pull_group in sorted(leaders.items(), key=lambda item: item[1].order)
        }
        filled: set[tuple[UpstreamMirror, int]] = set()
        # Jobs that stand with a section's workloads run section by section, so none of them can
        # fill the province's mirror for all.
        for level in LEVELS[1:] if self._inside else LEVELS:
            first = []
            for pull_group, behind in mirrors.items():
                # A node fills every mirror on its way at once, so one that has filled a
                # section's mirror has filled the province's, too.
                if any(one[0].level == level and one not in filled for one in behind):
                    first.append(pull_group)
                    filled.update(behind)
            if first:
                yield level, first

    def _named(self, level: str, first: Iterable[PullGroup]) -> Iterator[PullJob]:
        stem = f"{self._release.name}-{_SUFFIX[level]}"
        if not self._inside:
            stem = f"{self._release.name}-{self._wave.name}-{_SUFFIX[level]}"
        return named_jobs(stem, first, self._references, by_group=self._inside)

    def _references(self, images: Collection[tuple[str, str]], group: str) -> tuple[str, ...]:
        """As the pods of ``group`` name them."""
        registry = self._registry
        key = (frozenset(images), tuple(registry.rewritten.get(group, {}).items()))
        if key not in self._known:
            names = [f"{registry.repository(group, name)}@{digest}" for name, digest in images]
            self._known[key] = tuple(sorted(names))
        return self._known[key]
