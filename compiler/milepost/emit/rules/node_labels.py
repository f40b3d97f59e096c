"""Node labels of join lists: those that KubeEdge writes are left alone."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject

MP6046 = Code(
    "MP6046",
    "node label reserved by KubeEdge",
    "KubeEdge puts `apps.kubeedge.io/belonging-to` on the members of a node group and removes "
    "`topology.kubernetes.io/zone` from them. Set by hand, the first puts a node into a group for good, and the second "
    "comes and goes.",
    "kind: Fleet\nspec: {labels: {topology.kubernetes.io/zone: south}}\n",
)
_LABELS = ("apps.kubeedge.io/belonging-to", "topology.kubernetes.io/zone")


def check(rendered: Rendered, findings: Findings) -> None:
    for text in rendered.texts:
        for label in _LABELS:
            # The bare label first: join lists have a line for every node of a section.
            if label in text.text and (f"{label}=" in text.text or f"{label}: " in text.text):
                findings.add(
                    MP6046, RenderedObject({"kind": "file"}, text.path), (), f"gives nodes the label {label}"
                )
