"""KubeEdge's hold on upgrades: it needs somebody at every node to let go."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import pod_templates
from milepost.emit.rendered import Rendered

MP6030 = Code(
    "MP6030",
    "upgrade waits for confirmation at the node",
    "With the annotation `edge.kubeedge.io/hold-upgrade` a new pod waits until somebody releases it on its node. It holds "
    "the first installation too, and where the old pod goes first it leaves a gap that nobody closes.",
    'patch: {spec: {template: {metadata: {annotations: {edge.kubeedge.io/hold-upgrade: "true"}}}}}\n',
)
_HOLD = "edge.kubeedge.io/hold-upgrade"


def check(rendered: Rendered, findings: Findings) -> None:
    for pod in pod_templates(rendered):
        if _HOLD in (pod.metadata.get("annotations") or {}):
            where = (*pod.metadata_path, "annotations", _HOLD)
            findings.add(
                MP6030, pod.obj, where, "would hold the pod back at its node", "order upgrades with waves"
            )
