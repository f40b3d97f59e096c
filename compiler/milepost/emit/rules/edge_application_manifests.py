"""Manifests in an EdgeApplication: only what KubeEdge copies to each target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject, mapping
from milepost.model import kinds
from milepost.model.document import Path

MP6041 = Code(
    "MP6041",
    "EdgeApplication rejected by KubeEdge",
    "KubeEdge copies a Deployment to each target and creates a Service once; any other kind is created without any choice "
    "of nodes. Manifests keep their own namespace, which must be the EdgeApplication's. Several Deployments are told apart "
    "by their order, so a new one in between restarts all. The node selector of the template is replaced.",
    "edgeApplication: true\npatch: {metadata: {namespace: default}}\n",
)
_KINDS = (kinds.DEPLOYMENT.name, kinds.SERVICE.name)


def check(rendered: Rendered, findings: Findings) -> None:
    for application in rendered.of(kinds.EDGE_APPLICATION.name):
        manifests = application.body["spec"]["workloadTemplate"]["manifests"]
        for path, predicate in _faults(application, manifests):
            findings.add(MP6041, application, ("spec", "workloadTemplate", "manifests", *path), predicate)


def _faults(application: RenderedObject, manifests: list[Any]) -> Iterator[tuple[Path, str]]:
    if [manifest.get("kind") for manifest in manifests].count(kinds.DEPLOYMENT.name) != 1:
        yield (), "must hold exactly one Deployment"
    for index, manifest in enumerate(manifests):
        namespace = mapping(manifest, "metadata").get("namespace")
        if manifest.get("kind") not in _KINDS:
            yield (
                (index,),
                f"is a {manifest.get('kind')}, which KubeEdge creates once and on no particular node",
            )
        # KubeEdge does not fill it in, and an owner in another namespace is garbage to
        # Kubernetes: its objects are collected.
        if namespace != application.namespace:
            yield (
                (index, "metadata", "namespace"),
                f'must be "{application.namespace}", as the EdgeApplication\'s',
            )
        if mapping(manifest, "spec", "template", "spec").get("nodeSelector"):
            yield (index, "spec", "template", "spec", "nodeSelector"), "is lost: KubeEdge replaces it"
