"""Image changes of a release on each node: the images that its pods will run, and the layers that are not there.

Stations repeat: of those that placement found alike one is worked out. Where a release moves between two editions, the
pods of both are placed, whichever of them runs now. What is there is counted from the versions that run before the release,
never from its cursors: a step of a release changes nothing about its other waves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from milepost.model.fleet import NO_VERSION, Application, Fleet, Image, Release, Station
from milepost.model.plan import Placement, PodLoad, Workload
from milepost.model.record import record
from milepost.model.rollout import Layer
from milepost.model.terms import NodeTerms
from milepost.plan.images.sidecar_images import sidecar_images


@record
class PullTarget:
    """Nodes that run the same pods, in Kubernetes' words. Of one there is one in a release."""

    terms: NodeTerms
    architectures: tuple[str, ...]


@record
class NodeChange:
    """What changes on one node."""

    images: Mapping[PullTarget, tuple[tuple[str, str], ...]]
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


NOTHING = NodeChange({}, (), 0)
Alike = tuple[tuple[NodeChange, tuple[int, ...]], ...]
"""What changes at a station: each change with the positions of the nodes that it is the same for."""
_Pod = tuple[str, tuple[str, ...]]
"""The edition of a pod and the components that share it."""


@record
class _Part:
    """What one pod has to do with a change of its node."""

    kind: PullTarget
    before: Mapping[str, Layer]
    after: Mapping[str, Layer]
    """Layers of the images that change alone."""
    images: frozenset[tuple[str, str]]
    """Repository and new digest of those."""
    there: frozenset[tuple[str, str]]
    """Repository and digest of every image that runs before."""


class ImageChanges:
    """One release in one province."""

    def __init__(self, fleet: Fleet, placement: Placement, release: Release) -> None:
        self._fleet, self._placement, self.release = fleet, placement, release
        self._workloads: dict[_Pod, dict[str, Workload]] = {}
        """By architecture; those that differ in their instances alone run the same."""
        for workload in (*placement.workloads(), *placement.resting):
            found = self._workloads.setdefault((workload.edition, workload.members), {})
            found |= dict.fromkeys(workload.architectures, workload)
        self._before = fleet.edition(release.application, release.start)
        self._after = fleet.edition(release.application, release.to)
        self._layer: dict[tuple[str, str], Layer] = {}
        self._kind: dict[tuple[NodeTerms, tuple[str, ...]], PullTarget] = {}
        self._numbers: dict[object, int] = {}
        self._parts: dict[tuple[_Pod, str], _Part] = {}
        self._of_node: dict[object, NodeChange] = {}
        self._of_shape: dict[int, Alike] = {}

    def at(self, station: Station) -> Alike:
        """The image changes at ``station``, by node; nodes that run no changed image are left out."""
        number = self._placement.signature_index[station.name]
        found = self._of_shape.get(number)
        if found is None:
            signature = self._placement.signatures[number]
            loads = (*signature.loads, *self._of_release(signature.resting))
            found = self._of_shape[number] = self._at(station, loads)
        return found

    def _of_release(self, resting: Iterable[PodLoad]) -> Iterator[PodLoad]:
        """Other releases may rest at the station as well, and change nothing for this one."""
        return (load for load in resting if load.edition in (self._before.key, self._after.key))

    def _at(self, station: Station, loads: Sequence[PodLoad]) -> Alike:
        positions: dict[NodeChange, list[int]] = {}
        for position, node in enumerate(station.nodes):
            pods = tuple([(load.edition, load.members) for load in loads if position in load.nodes])
            # The profile decides the architecture, and the pods decide the images. Names,
            # labels and lines of a node change nothing about what it lacks.
            key = (node.profile.name, pods)
            if key not in self._of_node:
                self._of_node[key] = self._change(pods, node.profile.architecture)
            if (change := self._of_node[key]) is not NOTHING:
                positions.setdefault(change, []).append(position)
        return tuple((change, tuple(found)) for change, found in positions.items())

    def _change(self, pods: Sequence[_Pod], architecture: str) -> NodeChange:
        images: dict[PullTarget, set[tuple[str, str]]] = {}
        before: dict[str, Layer] = {}
        after: dict[str, Layer] = {}
        parts = [self._part(pod, architecture) for pod in pods]
        there = {image for part in parts for image in part.there}
        for part in parts:
            before |= part.before
            after |= part.after
            # The pod of the edition before may run an image that the pod of the edition after
            # keeps.
            if new := part.images - there:
                images.setdefault(part.kind, set()).update(new)
        if not images:
            return NOTHING
        # Sorted, because the tuple's identity stands for thousands of nodes later and its order
        # must be the same in every run.
        missing = tuple(after[digest] for digest in sorted(after.keys() - before.keys()))
        disk = sum(layer.size for layer in (before | after).values())
        pulled = tuple(sorted({image for found in images.values() for image in found}))
        of_kinds = {kind: tuple(sorted(found)) for kind, found in images.items()}
        hosts = tuple(sorted({repository.partition("/")[0] for repository, _ in pulled}))
        number = self._numbers.setdefault((pulled, architecture), len(self._numbers))
        return NodeChange(of_kinds, missing, disk, pulled, hosts, number)

    def _part(self, pod: _Pod, architecture: str) -> _Part:
        key = (pod, architecture)
        if key not in self._parts:
            self._parts[key] = self._make(self._workloads[pod][architecture], architecture)
        return self._parts[key]

    def _make(self, workload: Workload, architecture: str) -> _Part:
        before: dict[str, Layer] = {}
        after: dict[str, Layer] = {}
        images: set[tuple[str, str]] = set()
        there: set[tuple[str, str]] = set()
        for image, repository in dict.fromkeys(self._pinned(workload)):
            old, new = self._tags(workload, image)
            if old is not None:
                before |= self._layers(image, old, repository, architecture)
                there.add((repository, image.digest(old, repository)))
            # Compared by digest: two tags may name one image, and a tag that moved is another
            # one.
            if new is not None and (repository, image.digest(new, repository)) not in there:
                after |= self._layers(image, new, repository, architecture)
                images.add((repository, image.digest(new, repository)))
        terms, architectures = workload.terms, workload.architectures
        kind = self._kind.setdefault((terms, architectures), PullTarget(terms, architectures))
        return _Part(kind, before, after, frozenset(images), frozenset(there))

    def _tags(self, workload: Workload, image: Image) -> tuple[str | None, str | None]:
        """The image's tag before the release and after it; the same where another application runs it.

        None where the workload's edition does not run at that end of the release.
        """
        if workload.application != self.release.application:
            body = self._edition(workload)
            tag = body.versions[body.frozen or body.version].get(image.name)
            return tag, tag
        ends = ((self._before, self.release.start), (self._after, self.release.to))
        old, new = (
            edition.versions[version][image.name]
            if edition.key == workload.edition and version != NO_VERSION
            else None
            for edition, version in ends
        )
        return old, new

    def _edition(self, workload: Workload) -> Application:
        return self._fleet.of_key(workload.edition)

    def _pinned(self, workload: Workload) -> Iterator[tuple[Image, str]]:
        """The images of a workload's pods that a release pins, each with its repository."""
        siblings = self._edition(workload).components
        known = {r: c.image for c in siblings for r in c.image.repositories.values()}
        for component in self._fleet.members(workload.edition, workload.members):
            yield component.image, component.image.repositories[workload.variant or ""]
            for image in sidecar_images(component):
                # A sidecar that names its digest is pinned by the manifest, and no release
                # moves it.
                if image.repository in known and not image.digest:
                    yield known[image.repository], image.repository

    def _layers(self, image: Image, tag: str, repository: str, architecture: str) -> dict[str, Layer]:
        """The layers of one platform by digest. Raises LookupError where the lock has no such platform."""
        host = repository.partition("/")[0]
        for entry in image.locked[tag]:
            for name, platform in entry.platforms.items() if entry.repository == repository else ():
                if name == architecture:
                    sizes = platform.sizes.items()
                    return {d: self._layer.setdefault((d, host), Layer(d, size, host)) for d, size in sizes}
        raise LookupError(f"{repository} {tag} is not locked for {architecture}")
