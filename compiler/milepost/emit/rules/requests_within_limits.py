"""Resource requests: no container asks for more than its limit."""

from __future__ import annotations

from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import pod_templates
from milepost.emit.rendered import Rendered
from milepost.model.quantity import fault, quantity

MP6016 = Code(
    "MP6016",
    "request exceeds limit",
    "Kubernetes refuses a container that asks for more than its limit.",
    "resources: {requests: {memory: 128Mi}, limits: {memory: 64Mi}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for pod in pod_templates(rendered):
        for path, container in pod.containers:
            resources = container.get("resources") or {}
            limits = resources.get("limits") or {}
            for name, value in (resources.get("requests") or {}).items():
                if message := _more(name, value, limits.get(name)):
                    findings.add(MP6016, pod.obj, (*path, "resources", "requests", name), message)


def _more(resource: str, value: Any, limit: Any) -> str | None:
    """How a request is above its limit, both as Kubernetes writes them; what is no amount is MP6015's."""
    if value is None or limit is None or fault(resource, value) or fault(resource, limit):
        return None
    asked, most = quantity(str(value)), quantity(str(limit))
    above = asked.nanos > most.nanos
    return f"is {asked.canonical}, more than the limit of {most.canonical}" if above else None
