"""Quantities: amounts of CPU, memory and disk in Kubernetes' syntax."""

from __future__ import annotations

from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import WORKLOADS
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model import kinds
from milepost.model.document import Path
from milepost.model.quantity import fault

MP6015 = Code(
    "MP6015",
    "invalid quantity",
    "An amount is a number with one of Kubernetes' suffixes: `250m` of CPU, `64Mi` of memory; never below zero, and a "
    "whole number of whatever has no parts: bytes, pods, devices.",
    "patch: {spec: {template: {spec: {containers: [{name: a, resources: {limits: {cpu: 2cores}}}]}}}}\n",
)
_AMOUNTS = ("requests", "limits", "capacity", "hard", "default", "defaultRequest", "max", "min", "overhead")
_KINDS = (
    *WORKLOADS,
    kinds.PERSISTENT_VOLUME.name,
    kinds.PERSISTENT_VOLUME_CLAIM.name,
    kinds.RESOURCE_QUOTA.name,
    kinds.LIMIT_RANGE.name,
)


def check(rendered: Rendered, findings: Findings) -> None:
    for obj, path, node in rendered.fields(*_AMOUNTS):
        # Fields of these names in other kinds may hold something else.
        if obj.kind in _KINDS:
            for name, value in node.items():
                _check(obj, (*path, name), name, value, findings)
    for obj, path, node in rendered.fields("emptyDir"):
        _check(obj, (*path, "sizeLimit"), "storage", node.get("sizeLimit"), findings)


def _check(obj: RenderedObject, path: Path, resource: str, value: Any, findings: Findings) -> None:
    if value is not None and (why := fault(resource, value)):
        findings.add(MP6015, obj, path, why)
