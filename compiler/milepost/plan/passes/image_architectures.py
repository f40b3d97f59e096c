"""Image architectures: those that every version in use has an image for; digests come from the lock file, never the
network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from milepost.diagnostics import Code, Severity, Sink
from milepost.model.fleet import Application, Component, Fleet, Image
from milepost.model.locked_images import LockedImage
from milepost.model.plan import ImageBuilds, RunningVersions
from milepost.plan.images.sidecar_images import SidecarImage, sidecar_images
from milepost.plan.images.versions_in_use import locked, versions_in_use
from milepost.plan.pass_order import Role

MP4011 = Code(
    "MP4011",
    "no common architecture",
    "The versions of an image that are in use have no architecture in common, so there is no node that can run all "
    "of them.",
    "# 1.4.2 was built for amd64 alone and 1.5.0 for arm64 alone, with a release from one to the other\n",
)
MP4012 = Code(
    "MP4012",
    "sidecar image without a digest",
    "A container or init container of a manifest, or of a patch, brings an image of its own. A release pins the images "
    "that components name and no others, so this one must carry its digest.",
    "components: [{name: web, image: web, from: manifests/web.yaml}]\n# which has an init container with image: busybox:1.36\n",
)
MP4013 = Code(
    "MP4013",
    "sidecar with unknown architectures",
    "The image of a container that comes with a manifest or a patch carries a digest, but no Image has locked it. So "
    "Milepost cannot tell whether every node that its pod may run on has a build of it.",
    "# an init container with image: registry.example/wait@sha256:... which is the digest of no locked Image\n",
    Severity.WARNING,
)


ROLE = Role.DECIDES


def run(fleet: Fleet, running: RunningVersions, sink: Sink) -> ImageBuilds:
    platforms: dict[tuple[str, str], tuple[str, ...]] = {}
    builds: dict[tuple[str, str], tuple[tuple[str, tuple[str, ...]], ...]] = {}
    brought: dict[str, tuple[str, ...]] = {}
    for application in fleet.editions:
        versions = versions_in_use(application, fleet, running)
        repositories = {image.repository for c in application.components for image in sidecar_images(c)}
        brought[application.key] = tuple(sorted(repositories))
        for component in application.components:
            of_images = _Builds(fleet, application, versions, sink).of(component)
            builds[application.key, component.name] = tuple(of_images.items())
            # A pod starts only where every one of its images has a build, sidecars included.
            # The kubelet would end in `ImagePullBackOff` elsewhere.
            common = set.intersection(*map(set, of_images.values()))
            platforms[application.key, component.name] = tuple(sorted(common))
    return ImageBuilds(platforms, builds, brought)


class _Builds:
    """What the images of one application's components are built for."""

    def __init__(self, fleet: Fleet, application: Application, versions: Sequence[str], sink: Sink) -> None:
        self._fleet, self._sink = fleet, sink
        self._application, self._versions = application, versions

    def of(self, component: Component) -> dict[str, tuple[str, ...]]:
        """Architectures by image, the component's own first; an image whose architectures are unknown is left out."""
        found = {f'image "{component.image.name}"': self._in_common(component.image, component)}
        for image in sidecar_images(component):
            platforms = self._of_carried(image, component)
            if platforms is not None:
                found[f'the image of container "{image.container}"'] = platforms
        return found

    def _in_common(self, image: Image, component: Component) -> tuple[str, ...]:
        """The architectures that every version in use covers."""
        tags = [self._application.versions[version][image.name] for version in self._versions]
        covered = [set(locked(image, tag, self._sink)) for tag in tags]
        common = set.intersection(*covered) if covered else set()
        # An empty cover means that a version is not locked, which is reported already; "nothing
        # in common" would be a second message for one cause.
        if not common and all(covered):
            self._sink.report(
                MP4011,
                f'versions {", ".join(self._versions)} of image "{image.name}" have no architecture in common',
                component.origin.of("image").span,
            )
        return tuple(sorted(common))

    def _of_carried(self, image: SidecarImage, component: Component) -> tuple[str, ...] | None:
        if not image.digest:
            self._report_unpinned(image, component)
            return None
        # A digest may be that of an index, which covers all platforms of the entry, or that of
        # one platform's manifest, which covers that one.
        for entry in self._locked():
            of_platforms = {
                str(name) for name, platform in entry.platforms.items() if platform.digest == image.digest
            }
            if of_platforms or entry.digest == image.digest:
                return tuple(sorted(of_platforms or map(str, entry.platforms)))
        self._sink.report(
            MP4013,
            f'nothing says which architectures the image of container "{image.container}" of '
            f'"{component.name}" was built for',
            image.at.span,
            hint="describe it as an Image and lock it",
        )
        return None

    def _locked(self) -> Iterator[LockedImage]:
        for image in self._fleet.catalog.images.values():
            for entries in image.locked.values():
                yield from entries

    def _report_unpinned(self, image: SidecarImage, component: Component) -> None:
        said = f"{image.reference}, which carries no digest" if image.reference else "no image"
        known = {e.digest for e in self._locked() if e.repository == image.repository}
        digest = next(iter(known)) if len(known) == 1 else "sha256:..."
        self._sink.report(
            MP4012,
            f'container "{image.container}" of "{component.name}" has {said}',
            image.at.span,
            hint=f"write it as {image.repository or 'repository'}@{digest}",
        )
