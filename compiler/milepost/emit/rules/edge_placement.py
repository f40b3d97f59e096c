"""Node selection of workloads: each says which nodes it is for, and never one node by name."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import node_terms, pod_templates
from milepost.emit.rendered import Rendered
from milepost.model import kinds

MP6023 = Code(
    "MP6023",
    "pods without a node selector, or bound to one node",
    "A DaemonSet without a node selector runs on every node of the cluster, in the cloud and at every station. A "
    "`nodeName` goes past the scheduler: such pods are not moved, and breed when their node is offline.",
    "patch: {spec: {template: {spec: {nodeName: node-1}}}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for pod in pod_templates(rendered):
        # The scheduler is gone past, so a Deployment makes pod after pod for a node that does
        # not answer.
        if pod.spec.get("nodeName"):
            findings.add(MP6023, pod.obj, (*pod.path, "nodeName"), "names one node", "use a node selector")
        if (
            pod.obj.kind == kinds.DAEMON_SET.name
            and not pod.spec.get("nodeSelector")
            and not node_terms(pod.spec)
        ):
            findings.add(
                MP6023, pod.obj, pod.path, "selects no nodes, so it would run on every node of the cluster"
            )
