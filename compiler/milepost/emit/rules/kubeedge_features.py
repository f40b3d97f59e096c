"""Fields and API versions that the province's KubeEdge does not have: its CRDs refuse them, or drop them silently."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model import kinds
from milepost.model.document import Path
from milepost.model.versions import kubeedge

MP6047 = Code(
    "MP6047",
    "feature that this KubeEdge lacks",
    "The field or the API version came with a later KubeEdge than the province has, or went with an earlier one. Older "
    "CRDs drop fields that they do not know without a word, so what they ask for never happens.",
    'cluster: {kubernetes: "1.29", kubeedge: 1.20.0}\n'
    "# an EdgeApplication with targetNodeLabels has them since 1.20, a NodeGroup topologyEnabled since 1.21\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    release = rendered.cluster.kubeedge
    for feature in kubeedge.FEATURES:
        # An older CRD prunes fields that it does not know, and the API server says nothing of
        # it.
        if kubeedge.reaches(release, feature.since):
            continue
        for obj in rendered.of(feature.kind.name):
            if _has(obj, feature.path):
                predicate = f"needs KubeEdge {feature.since} or newer, and the province has {release}"
                findings.add(MP6047, obj, feature.path, predicate)
    for kind in (kind for kind in kinds.KINDS if kind.older_api_version):
        wanted = kubeedge.served(kind, release).api_version
        for obj in rendered.of(kind.name):
            if obj.api_version != wanted:
                predicate = f"is {obj.api_version}, and KubeEdge {release} works with {wanted}"
                findings.add(MP6047, obj, ("apiVersion",), predicate)


def _has(obj: RenderedObject, path: Path) -> bool:
    node = obj.body
    for step in path:
        if not isinstance(node, dict) or step not in node:
            return False
        node = node[step]
    return True
