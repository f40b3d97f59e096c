"""Image pull policy: a pre-pulled image is used, not pulled again."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import pod_templates
from milepost.emit.rendered import Rendered

MP6025 = Code(
    "MP6025",
    "image is pulled at every pod start",
    "With `imagePullPolicy: Always` a pod asks the registry whenever it starts: it cannot start while the line is cut, "
    "and a pre-pull was for nothing.",
    "patch: {spec: {template: {spec: {containers: [{name: a, imagePullPolicy: Always}]}}}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for pod in pod_templates(rendered):
        for path, container in pod.containers:
            if container.get("imagePullPolicy") == "Always":
                where = (*path, "imagePullPolicy")
                findings.add(
                    MP6025, pod.obj, where, "is Always", "leave it out; Milepost writes IfNotPresent"
                )
