"""Restart policy: pods of long-running workloads are restarted."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import pod_templates
from milepost.emit.rendered import Rendered
from milepost.model import kinds

MP6034 = Code(
    "MP6034",
    "invalid restart policy",
    "Deployments, StatefulSets and DaemonSets keep their pods running: Kubernetes refuses any restart policy but Always. Pods "
    "of a CronJob end, so there it refuses Always.",
    "patch: {spec: {template: {spec: {restartPolicy: OnFailure}}}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for pod in pod_templates(rendered):
        if pod.obj.kind == kinds.CRON_JOB.name:
            if pod.spec.get("restartPolicy") not in ("OnFailure", "Never"):
                findings.add(
                    MP6034, pod.obj, (*pod.path, "restartPolicy"), "must be OnFailure or Never in a CronJob"
                )
        elif pod.obj.kind != kinds.JOB.name and pod.spec.get("restartPolicy") not in (None, "Always"):
            findings.add(MP6034, pod.obj, (*pod.path, "restartPolicy"), "must be Always here", "leave it out")
