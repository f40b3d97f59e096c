"""OpenKruise ImagePullJobs, for nodes that are not KubeEdge's: pinned, bounded, and there when the gate looks."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.formats import HASHED_NAME, ImageReference
from milepost.emit.rendered import Rendered
from milepost.model import kinds

MP6033 = Code(
    "MP6033",
    "ImagePullJob without a usable gate",
    "A pull job that removes itself is gone when the gate looks, one that never completes holds it for ever, and an "
    "image by a tag is another one tomorrow.",
    "kind: Release\n# lower makes the job; a patch cannot reach it\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for job in rendered.of(kinds.IMAGE_PULL_JOB.name, kinds.IMAGE_LIST_PULL_JOB.name):
        spec = job.body["spec"]
        if not HASHED_NAME.fullmatch(job.name):
            findings.add(MP6033, job, ("metadata", "name"), "does not end in a hash of the content")
        completion = spec["completionPolicy"]
        # `Never` means to go on pulling for nodes that join, so it never has a
        # `completionTime`.
        if completion["type"] != "Always":
            findings.add(MP6033, job, ("spec", "completionPolicy", "type"), "never completes")
        if completion.get("ttlSecondsAfterFinished") is not None:
            findings.add(
                MP6033,
                job,
                ("spec", "completionPolicy", "ttlSecondsAfterFinished"),
                "removes the job when it is done",
            )
        if spec.get("imagePullPolicy") == "Always":
            findings.add(MP6033, job, ("spec", "imagePullPolicy"), "pulls again what is there")
        for image in spec.get("images") or [spec.get("image", "")]:
            if not ImageReference.of(image).pinned:
                findings.add(MP6033, job, ("spec", "image"), f'"{image}" is not given by its digest alone')
