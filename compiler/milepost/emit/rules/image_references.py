"""Image references: a repository that a release pins, or one with its digest; never a tag."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.formats import DIGEST, ImageReference
from milepost.emit.pod_templates import pod_templates
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model.document import Path

MP6024 = Code(
    "MP6024",
    "image referenced by tag",
    "A tag can move, so what was pre-pulled and what starts may differ. Versions stand in one place, the release's list "
    "of pins; beside it a tag would be a second truth. What an imported manifest says about images is replaced by the "
    "component's own; a patch that adds a container must give its image by digest.",
    "patch: {spec: {template: {spec: {containers: [{name: log, image: 'registry.example/log:latest'}]}}}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for pod in pod_templates(rendered):
        for path, container in pod.containers:
            _check(pod.obj, (*path, "image"), str(container.get("image") or ""), findings)


def _check(obj: RenderedObject, path: Path, image: str, findings: Findings) -> None:
    reference = ImageReference.of(image)
    if not reference.repository or any(c.isspace() for c in image):
        findings.add(MP6024, obj, path, f'"{image}" names no image')
    # Also beside a digest: runtimes ignore it there, so it may say something else than what
    # runs.
    elif reference.tag:
        hint = "give the digest: repository@sha256:..."
        findings.add(MP6024, obj, path, f'"{image}" has the tag {reference.tag}', hint)
    elif reference.digest and not DIGEST.fullmatch(reference.digest):
        findings.add(MP6024, obj, path, f'"{image}" has no digest of the form sha256: and 64 digits')
