"""Jobs: immutable, so their names carry the hash of what they do, and they stay when they are done."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.formats import HASHED_NAME
from milepost.emit.rendered import Rendered
from milepost.model import kinds

MP6031 = Code(
    "MP6031",
    "Job that GitOps cannot reapply",
    "The pod template of a Job is immutable: a change needs another name, so the name ends in a hash of the content. A "
    "Job that removes itself when done is missing at the next sync, and runs again.",
    "patch: {spec: {ttlSecondsAfterFinished: 600}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for job in rendered.of(kinds.JOB.name):
        spec = job.body.get("spec") or {}
        if not HASHED_NAME.fullmatch(job.name):
            findings.add(MP6031, job, ("metadata", "name"), "does not end in a hash of the content")
        # Flux counts a Job that is gone as done, and makes it anew at the next reconcile
        # because it is missing.
        if spec.get("ttlSecondsAfterFinished") is not None:
            findings.add(
                MP6031,
                job,
                ("spec", "ttlSecondsAfterFinished"),
                "removes the Job, and the next sync runs it again",
            )
        pod = (spec.get("template") or {}).get("spec") or {}
        if pod.get("restartPolicy") not in ("OnFailure", "Never"):
            where = ("spec", "template", "spec", "restartPolicy")
            findings.add(MP6031, job, where, "must be OnFailure or Never in a Job")
