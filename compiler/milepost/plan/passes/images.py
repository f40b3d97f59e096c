"""Which architectures every version in use has an image for; digests come from the lock file, never the network."""

from __future__ import annotations

from collections.abc import Sequence

from milepost.diagnostics import Code, Severity, Sink, did_you_mean
from milepost.model.fleet import Application, Component, Image
from milepost.model.plan import Plan
from milepost.plan.in_use import locked, versions_in_use
from milepost.plan.sidecars import Carried, carried

MP4011 = Code(
    "MP4011",
    "no architecture in common",
    "The versions of an image that are in use have no architecture in common, so there is no node that can run all "
    "of them.",
    "# 1.4.2 was built for amd64 alone and 1.5.0 for arm64 alone, with a release from one to the other\n",
)
MP4012 = Code(
    "MP4012",
    "sidecar that nothing pins",
    "A container or init container of a manifest, or of a patch, brings an image of its own. Where that is no image of "
    "the application, no release pins it, so it must carry its digest.",
    "components: [{name: web, image: web, from: manifests/web.yaml}]\n# which has an init container with image: busybox:1.36\n",
)
MP4013 = Code(
    "MP4013",
    "sidecar for unknown architectures",
    "The image of a container that comes with a manifest or a patch carries a digest, but no Image has locked it. So "
    "Milepost cannot tell whether every node that its pod may run on has a build of it.",
    "# an init container with image: registry.example/wait@sha256:... which is the digest of no locked Image\n",
    Severity.WARNING,
)


def run(plan: Plan, sink: Sink) -> None:
    for application in plan.fleet.catalog.applications:
        versions = versions_in_use(plan, application)
        for component in application.components:
            builds = _Builds(plan, application, versions, sink).of(component)
            plan.builds[application.name, component.name] = tuple(builds.items())
            common = set.intersection(*map(set, builds.values()))
            plan.platforms[application.name, component.name] = tuple(sorted(common))


class _Builds:
    """What the images of one application's components are built for."""

    def __init__(self, plan: Plan, application: Application, versions: Sequence[str], sink: Sink) -> None:
        self._images = plan.fleet.catalog.images
        self._application, self._versions, self._sink = application, versions, sink
        self._own = {r: c.image for c in application.components for r in c.image.repositories.values()}

    def of(self, component: Component) -> dict[str, tuple[str, ...]]:
        """Architectures by image, the component's own first; an image whose builds nobody knows is left out."""
        found = {f'image "{component.image.name}"': self._in_common(component.image, component)}
        for image in carried(component):
            platforms = self._of_carried(image, component)
            if platforms is not None:
                found[f'the image of container "{image.container}"'] = platforms
        return found

    def _in_common(self, image: Image, component: Component) -> tuple[str, ...]:
        """The architectures that every version in use covers."""
        tags = [self._application.versions[version][image.name] for version in self._versions]
        covered = [set(locked(image, tag, self._sink)) for tag in tags]
        common = set.intersection(*covered) if covered else set()
        if not common and all(covered):
            self._sink.report(
                MP4011,
                f'versions {", ".join(self._versions)} of image "{image.name}" have no architecture in common',
                component.origin.of("image").span,
            )
        return tuple(sorted(common))

    def _of_carried(self, carried_image: Carried, component: Component) -> tuple[str, ...] | None:
        own = self._own.get(carried_image.repository)
        # KubeEdge makes the pods of an EdgeApplication by itself, so no release of the tree pins what is in them.
        if own is not None and not component.spec.edge_application:
            return self._in_common(own, component)
        if not carried_image.digest:
            self._report_unpinned(carried_image, component)
            return None
        for image in self._images.values():
            for entries in image.locked.values():
                for entry in entries:
                    if entry.digest == carried_image.digest:
                        return tuple(sorted(map(str, entry.platforms)))
        self._sink.report(
            MP4013,
            f'nothing says which architectures the image of container "{carried_image.container}" of '
            f'"{component.name}" was built for',
            carried_image.at.span,
            hint="describe it as an Image and lock it",
        )
        return None

    def _report_unpinned(self, image: Carried, component: Component) -> None:
        near = did_you_mean(image.repository, self._own)
        advice = near if near and near.startswith("did you mean") else "write it as repository@sha256:..."
        said = f"{image.reference}, which carries no digest" if image.reference else "no image"
        self._sink.report(
            MP4012,
            f'container "{image.container}" of "{component.name}" has {said} and is pinned by no release',
            image.at.span,
            hint=advice,
        )
