"""Namespaces of objects: a namespaced object names one, a cluster-scoped object none."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.formats import DNS_LABEL
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import CLUSTER_SCOPED, KUSTOMIZE

MP6012 = Code(
    "MP6012",
    "missing or unexpected namespace",
    "Without a namespace an object lands in whatever namespace the agent works in; with one, an object of the whole "
    "cluster is for ever reported as different.",
    "patch: {metadata: {namespace: null}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for obj in rendered.objects:
        if obj.api_version.startswith(KUSTOMIZE):
            continue
        path = ("metadata", "namespace")
        if obj.kind in CLUSTER_SCOPED:
            # Kustomize puts a namespace onto cluster-scoped custom kinds as well, so it may
            # come from elsewhere than a patch.
            if obj.namespace:
                findings.add(MP6012, obj, path, f"is given, but a {obj.kind} belongs to the whole cluster")
        elif not obj.namespace:
            findings.add(MP6012, obj, path, "is missing")
        elif not DNS_LABEL.fullmatch(obj.namespace):
            findings.add(MP6012, obj, path, f'"{obj.namespace}" is no name of a namespace')
