"""Agent-owned fields: what the cluster and its agents write is left to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import pod_templates
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject, mapping
from milepost.model import kinds
from milepost.model.delivery.base import engines
from milepost.model.document import Path

MP6028 = Code(
    "MP6028",
    "field is owned by the cluster",
    "Status, owner references, tracking ids and the like are written by the cluster or by the agent that applies the "
    "tree. Rendered, they are fought over at every sync.",
    "patch: {status: {replicas: 2}}\n",
)
_METADATA = frozenset(
    {
        "managedFields",
        "ownerReferences",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "selfLink",
        "finalizers",
        "generateName",
    }
)
_KEYS = {
    "kubectl.kubernetes.io/last-applied-configuration": "kubectl writes it",
    "deployment.kubernetes.io/revision": "the Deployment controller writes it",
    "apps.kubeedge.io/last-applied-template": "KubeEdge writes it",
    "apps.kubeedge.io/last-contained-resources": "KubeEdge writes it",
    **{key: reason for agent in engines() for key, reason in agent.AGENTS_OWN.items()},
}


def check(rendered: Rendered, findings: Findings) -> None:
    for obj in rendered.distinct:
        if "status" in obj.body:
            findings.add(MP6028, obj, ("status",), "is the cluster's to write")
        _metadata(obj, ("metadata",), obj.metadata, findings)
    for pod in pod_templates(rendered):
        _metadata(pod.obj, pod.metadata_path, pod.metadata, findings)


def _metadata(obj: RenderedObject, path: Path, metadata: Mapping[str, Any], findings: Findings) -> None:
    # Server-side apply would make the agent the owner of such a field, and the controller that
    # writes it a rival.
    for field in metadata.keys() & _METADATA:
        if field == "finalizers" and obj.kind == kinds.ARGO_APPLICATION.name:
            continue  # Argo CD's own way to say what goes with an Application; its rule looks at that
        findings.add(MP6028, obj, (*path, field), "is the cluster's to write")
    for place in ("labels", "annotations"):
        for key in mapping(metadata, place).keys() & _KEYS.keys():
            findings.add(MP6028, obj, (*path, place, key), f"must not be rendered: {_KEYS[key]}")
