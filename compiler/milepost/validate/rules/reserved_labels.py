"""Labels stay out of Kubernetes' own domains: the kubelet refuses to start with them."""

from __future__ import annotations

from typing import Any

from milepost.diagnostics import Code, Sink
from milepost.model.written import Spec, Written

MP2021 = Code(
    "MP2021",
    "label in a reserved domain",
    "A kubelet refuses unknown labels of kubernetes.io and k8s.io at start, and KubeEdge's controllers own "
    "apps.kubeedge.io/belonging-to and topology.kubernetes.io/zone: they overwrite or remove what others set.",
    "kind: Fleet\nspec:\n  labels: {topology.kubernetes.io/zone: south}\n",
)
RESERVED = ("kubernetes.io", "k8s.io", "kubeedge.io")


def reserved(key: str) -> bool:
    """Whether a label key is in a domain that belongs to somebody else."""
    domain = key.partition("/")[0] if "/" in key else ""
    return any(domain == r or domain.endswith("." + r) for r in RESERVED)


def check(spec: Spec, sink: Sink) -> None:
    levels: list[Written[Any]] = [spec.fleet, *spec.provinces.values(), *spec.station_groups.values()]
    for written in levels:
        for key in written.model.spec.labels:
            if reserved(key):
                sink.report(
                    MP2021,
                    f'the label "{key}" is in a reserved domain',
                    written.document.key_span("spec", "labels", key),
                    hint="use a domain of your own, or no domain",
                )
