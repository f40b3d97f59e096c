"""An object that lives in a namespace names it, and an object of the cluster names none."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.formats import DNS_LABEL
from milepost.emit.rendered import Rendered
from milepost.emit.thing import KUSTOMIZE, OF_THE_CLUSTER

MP6012 = Code(
    "MP6012",
    "namespace missing or too much",
    "Without a namespace an object lands in whatever namespace the agent works in; with one, an object of the whole "
    "cluster is for ever reported as different.",
    "patch: {metadata: {namespace: null}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for thing in rendered.things:
        if thing.api_version.startswith(KUSTOMIZE):
            continue
        path = ("metadata", "namespace")
        if thing.kind in OF_THE_CLUSTER:
            if thing.namespace:
                findings.add(
                    MP6012, thing, path, f"is given, but a {thing.kind} belongs to the whole cluster"
                )
        elif not thing.namespace:
            findings.add(MP6012, thing, path, "is missing")
        elif not DNS_LABEL.fullmatch(thing.namespace):
            findings.add(MP6012, thing, path, f'"{thing.namespace}" is no name of a namespace')
