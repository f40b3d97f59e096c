"""What a release changes on each node: the images that its pods will run, and the layers of them that are not there.

Stations repeat: of those that placement found alike one is worked out. What is there is counted from the versions that run before the release,
never from its cursors: a step of a release changes nothing about its other waves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from milepost.model.fleet import Component, Image, Node, Release, Station
from milepost.model.plan import Plan, Workload, node_labels
from milepost.model.rollout import Layer
from milepost.model.terms import NodeTerms
from milepost.plan.sidecars import carried


@dataclass(frozen=True, slots=True)
class Kind:
    """Nodes that run the same pods, in Kubernetes' words."""

    terms: NodeTerms
    architectures: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What changes on one node."""

    images: Mapping[Kind, tuple[tuple[str, str], ...]]
    """Repository and new digest of each image that changes, by the kind of node that the pods ask for."""
    layers: tuple[Layer, ...]
    """Those that are not on the node yet."""
    disk: int
    """Compressed bytes of everything that is on the node afterwards: what runs before and what runs after."""
    pulled: tuple[tuple[str, str], ...] = ()
    """Every image that changes, sorted."""
    hosts: tuple[str, ...] = ()
    """The registries that they come from."""
    kind: int = 0
    """Nodes of one kind fetch the same images for the same architecture, whatever they have already."""


NOTHING = Change({}, (), 0)
Alike = tuple[tuple[Change, tuple[int, ...]], ...]
"""What changes at a station: each change with the positions of the nodes that it is the same for."""


class Changes:
    """One release in one province."""

    def __init__(self, plan: Plan, release: Release) -> None:
        self._plan, self._release = plan, release
        self._domain = plan.fleet.catalog.label_domain
        self._own: dict[str, int] = {}
        self._shared: dict[str, int] = {}
        self._workloads: list[tuple[Workload, ...]] = [()]
        for station_class in plan.station_classes:
            self._own |= dict.fromkeys([s.name for s in station_class.stations], len(self._workloads))
            self._workloads.append(station_class.workloads)
        for group_class in plan.group_classes:
            self._shared |= dict.fromkeys([g.name for g in group_class.groups], len(self._workloads))
            self._workloads.append(group_class.workloads)
        self._labels = sorted({key for found in self._workloads for w in found for key, _ in w.terms.equal})
        self._used: dict[Workload, tuple[tuple[Image, str], ...]] = {}
        self._layer: dict[tuple[str, str], Layer] = {}
        self._kinds: dict[object, int] = {}
        self._of_node: dict[object, Change] = {}
        self._of_station: dict[tuple[int, int], Alike] = {}

    def at(self, station: Station) -> Alike:
        """What changes at ``station``; nothing of nodes that run no image that does."""
        shared = self._shared.get(station.group, 0)
        key = (self._plan.alike[station.name], shared)
        found = self._of_station.get(key)
        if found is None:
            found = self._of_station[key] = self._at(station, shared)
        return found

    def _at(self, station: Station, shared: int) -> Alike:
        own = self._own.get(station.name, 0)
        positions: dict[Change, list[int]] = {}
        for position, node in enumerate(station.nodes):
            values = tuple([node.labels[k].value if k in node.labels else None for k in self._labels])
            key = (own, shared, station.type, node.profile.name, node.roles, values)
            if key not in self._of_node:
                self._of_node[key] = self._change(node, station, own, shared)
            if (change := self._of_node[key]) is not NOTHING:
                positions.setdefault(change, []).append(position)
        return tuple((change, tuple(found)) for change, found in positions.items())

    def _change(self, node: Node, station: Station, own: int, shared: int) -> Change:
        labels = node_labels(node, station, self._domain)
        architecture = node.profile.architecture
        running = [
            w
            for w in (*self._workloads[own], *self._workloads[shared])
            if architecture in w.architectures and _fits(w.terms, labels)
        ]
        images: dict[Kind, set[tuple[str, str]]] = {}
        before: dict[str, Layer] = {}
        after: dict[str, Layer] = {}
        for workload in running:
            moves = workload.application == self._release.application
            for image, repository in self._images(workload):
                old, new = self._tags(workload.application, image)
                before |= self._layers(image, old, repository, architecture)
                if moves and image.digest(old, repository) != image.digest(new, repository):
                    after |= self._layers(image, new, repository, architecture)
                    kind = Kind(workload.terms, workload.architectures)
                    images.setdefault(kind, set()).add((repository, image.digest(new, repository)))
        if not images:
            return NOTHING
        missing = tuple(after[digest] for digest in sorted(after.keys() - before.keys()))
        disk = sum(layer.size for layer in (before | after).values())
        pulled = tuple(sorted({image for found in images.values() for image in found}))
        of_kinds = {kind: tuple(sorted(found)) for kind, found in images.items()}
        hosts = tuple(sorted({repository.partition("/")[0] for repository, _ in pulled}))
        number = self._kinds.setdefault((pulled, architecture), len(self._kinds))
        return Change(of_kinds, missing, disk, pulled, hosts, number)

    def _tags(self, application: str, image: Image) -> tuple[str, str]:
        """The image's tag before the release and after it; the same where another application runs it."""
        body = self._plan.application(application)
        if application == self._release.application:
            return body.versions[self._release.start][image.name], body.versions[self._release.to][image.name]
        return body.versions[body.version][image.name], body.versions[body.version][image.name]

    def _images(self, workload: Workload) -> tuple[tuple[Image, str], ...]:
        """The images of a workload's pods that a release pins, each with its repository."""
        found = self._used.get(workload)
        if found is None:
            members = self._plan.members(workload)
            found = self._used[workload] = tuple(dict.fromkeys(self._pinned(members, workload)))
        return found

    def _pinned(self, members: Iterable[Component], workload: Workload) -> Iterator[tuple[Image, str]]:
        siblings = self._plan.application(workload.application).components
        known = {r: c.image for c in siblings for r in c.image.repositories.values()}
        for component in members:
            yield component.image, component.image.repositories[workload.variant or ""]
            for image in carried(component):
                if image.repository in known and not image.digest:
                    yield known[image.repository], image.repository

    def _layers(self, image: Image, tag: str, repository: str, architecture: str) -> dict[str, Layer]:
        """The layers of one platform by digest; where the lock has none, the platform counts as one layer."""
        host = repository.partition("/")[0]
        for entry in image.locked[tag]:
            platforms = {str(name): platform for name, platform in entry.platforms.items()}
            if entry.repository == repository and architecture in platforms:
                platform = platforms[architecture]
                layers = [(layer.digest, layer.size) for layer in platform.layers]
                sizes = layers or [(platform.digest, platform.size)]
                return {d: self._layer.setdefault((d, host), Layer(d, size, host)) for d, size in sizes}
        return {}


def _fits(terms: NodeTerms, labels: Mapping[str, str]) -> bool:
    return all(labels.get(key) == value for key, value in terms.equal) and all(
        labels.get(key) in values for key, values in terms.within
    )
