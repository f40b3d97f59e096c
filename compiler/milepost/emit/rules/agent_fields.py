"""Fields that the cluster and its agents write are left to them."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.pods import pods
from milepost.emit.rendered import Rendered

MP6028 = Code(
    "MP6028",
    "field that the cluster owns",
    "Status, owner references, tracking ids and the like are written by the cluster or by the agent that applies the "
    "tree. Rendered, they are fought over at every sync.",
    "patch: {status: {replicas: 2}}\n",
)
_METADATA = [
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
]
_KEYS = {
    "argocd.argoproj.io/tracking-id": "Argo CD writes it at every sync",
    "argocd.argoproj.io/instance": "Argo CD writes it at every sync",
    "kubectl.kubernetes.io/last-applied-configuration": "kubectl writes it",
    "deployment.kubernetes.io/revision": "the Deployment controller writes it",
    "kustomize.toolkit.fluxcd.io/name": "Flux writes it on what it owns",
    "kustomize.toolkit.fluxcd.io/namespace": "Flux writes it on what it owns",
    "apps.kubeedge.io/last-applied-template": "KubeEdge writes it",
    "apps.kubeedge.io/last-contained-resources": "KubeEdge writes it",
}


def check(rendered: Rendered, findings: Findings) -> None:
    for thing in rendered.things:
        if thing.body.get("status") is not None:
            findings.add(MP6028, thing, ("status",), "is the cluster's to write")
        for field in _METADATA:
            if thing.metadata.get(field) is not None:
                findings.add(MP6028, thing, ("metadata", field), "is the cluster's to write")
        for place in ("labels", "annotations"):
            for key in (thing.metadata.get(place) or {}).keys() & _KEYS.keys():
                findings.add(MP6028, thing, ("metadata", place, key), f"must not be rendered: {_KEYS[key]}")
    for pod in pods(rendered):
        for field in ("ownerReferences", "managedFields", "uid", "resourceVersion"):
            if pod.metadata.get(field) is not None:
                findings.add(
                    MP6028, pod.thing, ("spec", "template", "metadata", field), "is the cluster's to write"
                )
