"""Tolerations: pods on the edge stay where they are while a line is cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import pod_templates
from milepost.emit.rendered import Rendered

MP6022 = Code(
    "MP6022",
    "missing toleration for unreachable nodes",
    "A node behind a cut line is marked unreachable, and after 300 seconds the cluster deletes its pods: they die when "
    "contact returns. Pods on the edge tolerate `node.kubernetes.io/unreachable` and `node.kubernetes.io/not-ready` "
    "without a limit of time.",
    "patch: {spec: {template: {spec: {tolerations: []}}}}\n",
)
_TAINTS = ("node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready")


def check(rendered: Rendered, findings: Findings) -> None:
    for pod in pod_templates(rendered):
        tolerations = pod.spec.get("tolerations") or ()
        for taint in _TAINTS if pod.on_the_edge else ():
            if not any(_lasting(toleration, taint) for toleration in tolerations):
                where = (*pod.path, "tolerations")
                hint = "leave the tolerations to Milepost"
                findings.add(
                    MP6022, pod.obj, where, f"does not tolerate {taint} without a limit of time", hint
                )


def _lasting(toleration: Mapping[str, Any], taint: str) -> bool:
    everything = not toleration.get("key")
    return (
        toleration.get("operator") == "Exists"
        and (everything or toleration.get("key") == taint)
        # An empty effect tolerates all of them. `NoSchedule` alone keeps nothing from being
        # evicted.
        and toleration.get("effect") in (None, "", "NoExecute")
        and toleration.get("tolerationSeconds") is None
    )
