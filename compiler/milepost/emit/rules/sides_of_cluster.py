"""Sides of a cluster: pods of station groups run on edge nodes, those of the cloud side never do."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import EDGE_ROLE, PodTemplate, node_terms, pod_templates
from milepost.emit.rendered import Rendered
from milepost.model.cloud_side import NAMESPACE, UNIT

MP6064 = Code(
    "MP6064",
    "object on the wrong side of the cluster",
    "What a station needs runs on edge nodes, in the namespace of its group; what the province needs runs on none, in "
    "the namespace `milepost-cloud`. A pod on the wrong side stops with the line, or takes a lane's memory.",
    "# an object in groups/ whose pods have no nodeSelector for edge nodes\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for obj in rendered.objects:
        there = obj.namespace == NAMESPACE
        if obj.namespace and there != _is_cloud(obj.file) and obj.file.startswith((f"{UNIT}/", "groups/")):
            findings.add(MP6064, obj, ("metadata", "namespace"), "is not that of its side")
    for pod in pod_templates(rendered):
        if _is_cloud(pod.obj.file) and pod.on_the_edge:
            findings.add(MP6064, pod.obj, pod.path, "may run on edge nodes", "leave affinity to Milepost")
        elif pod.obj.file.startswith("groups/") and not _bound_to_edge(pod):
            findings.add(MP6064, pod.obj, pod.path, "may run in the cloud", "leave nodeSelector to Milepost")


def _is_cloud(file: str) -> bool:
    return file.startswith(f"{UNIT}/")


def _bound_to_edge(pod: PodTemplate) -> bool:
    """By its node selector, as Milepost says it, or where KubeEdge adds the nodes itself."""
    selector = pod.spec.get("nodeSelector") or {}
    return bool(pod.obj.inside) or EDGE_ROLE in selector or _terms_ask(pod)


def _terms_ask(pod: PodTemplate) -> bool:
    terms = node_terms(pod.spec)
    return bool(terms) and all(
        any(
            e.get("key") == EDGE_ROLE and e.get("operator") != "DoesNotExist"
            for e in t.get("matchExpressions") or ()
        )
        for t in terms
    )
