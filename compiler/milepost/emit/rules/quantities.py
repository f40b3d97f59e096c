"""Amounts of CPU, memory and disk are quantities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.formats import quantity
from milepost.emit.rendered import Rendered
from milepost.model.document import Path

MP6015 = Code(
    "MP6015",
    "quantity that Kubernetes refuses",
    "An amount is a number with one of Kubernetes' suffixes: `250m` of CPU, `64Mi` of memory; never below zero.",
    "patch: {spec: {template: {spec: {containers: [{name: a, resources: {limits: {cpu: 2cores}}}]}}}}\n",
)
_AMOUNTS = {"requests", "limits", "capacity", "hard", "default", "defaultRequest", "max", "min", "overhead"}


def check(rendered: Rendered, findings: Findings) -> None:
    for thing in rendered.of(
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "Job",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "ResourceQuota",
        "LimitRange",
    ):
        for path, value in _amounts(thing.body, ()):
            amount = quantity(value)
            if amount is None:
                findings.add(MP6015, thing, path, f'"{value}" is no quantity')
            elif amount < 0:
                findings.add(MP6015, thing, path, f'"{value}" is below zero')


def _amounts(node: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(node, Mapping):
        for key, child in node.items():
            if isinstance(child, Mapping) and key in _AMOUNTS:
                yield from (((*path, key, name), value) for name, value in child.items())
            elif key == "sizeLimit" and child is not None:
                yield (*path, key), child
            else:
                yield from _amounts(child, (*path, key))
    elif isinstance(node, list | tuple):
        for index, child in enumerate(node):
            yield from _amounts(child, (*path, index))
