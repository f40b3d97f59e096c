"""A container asks for no more than it may take."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.formats import quantity
from milepost.emit.pod_templates import pod_templates
from milepost.emit.rendered import Rendered

MP6016 = Code(
    "MP6016",
    "request above its limit",
    "Kubernetes refuses a container that asks for more than its limit.",
    "resources: {requests: {memory: 128Mi}, limits: {memory: 64Mi}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for pod in pod_templates(rendered):
        for path, container in pod.containers:
            resources = container.get("resources") or {}
            limits = resources.get("limits") or {}
            for name, value in (resources.get("requests") or {}).items():
                asked, most = quantity(value), quantity(limits.get(name))
                if asked is not None and most is not None and asked > most:
                    where = (*path, "resources", "requests", name)
                    findings.add(MP6016, pod.obj, where, f"is {value}, more than the limit of {limits[name]}")
