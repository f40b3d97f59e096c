"""Image pins: every image of a unit has a digest, its own or one in a release that the unit's kustomization lists."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.formats import ImageReference
from milepost.emit.pod_templates import pod_templates
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject

MP6026 = Code(
    "MP6026",
    "image without a digest pin",
    "A bare repository means the tag `latest`. The digest comes from the release that the unit runs, so every image must "
    "be listed there. Two releases that pin one repository to different digests cannot run in one unit: the last one "
    "listed would win for both.",
    "patch: {spec: {template: {spec: {containers: [{name: log, image: registry.example/log}]}}}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    pins = {unit: _pins(unit, rendered, findings) for unit in sorted(rendered.kustomizations)}
    # All of them: the pins of a unit are not those of an earlier province.
    for pod in pod_templates(rendered, known=True):
        for path, container in pod.containers:
            image = ImageReference.of(str(container.get("image") or ""))
            if not image.digest and image.repository not in pins.get(pod.obj.unit, {}):
                hint = "add it to the application's images, or give its digest"
                where = (*path, "image")
                findings.add(
                    MP6026,
                    pod.obj,
                    where,
                    f'"{image.repository}" is pinned by no release of its unit',
                    hint,
                )


def _pins(unit: str, rendered: Rendered, findings: Findings) -> dict[str, str]:
    """Repository to digest, as kustomize would apply them to ``unit``."""
    found: dict[str, str] = {}
    for file in _files(unit, rendered, findings):
        for index, pin in enumerate(file.body.get("images") or ()):
            digest, name = pin.get("digest", ""), pin["name"]
            where = ("images", index)
            if pin.keys() == {"name", "newName"}:
                continue  # another address of the same content: what it holds is pinned where the release is
            if not digest or pin.get("newTag"):
                findings.add(MP6026, file, where, f'"{name}" is not pinned by a digest alone')
            # Kustomize applies components in order, and the last one wins without a word.
            elif found.setdefault(name, digest) != digest:
                user = rendered.kustomizations[unit]
                findings.add(
                    MP6026,
                    user,
                    ("components",),
                    f'"{name}" is pinned to two digests',
                    "run one version of it",
                )
    return found


def _files(unit: str, rendered: Rendered, findings: Findings) -> Iterator[RenderedObject]:
    """The unit's kustomization and the components that it lists."""
    own = rendered.kustomizations[unit]
    yield own
    for index, listed in enumerate(own.body.get("components") or ()):
        folder = posixpath.normpath(posixpath.join(unit, str(listed)))
        if folder in rendered.kustomizations:
            yield rendered.kustomizations[folder]
        else:
            findings.add(MP6026, own, ("components", index), f'"{listed}" is not in the tree')
