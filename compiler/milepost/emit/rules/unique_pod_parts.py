"""Pod parts with names or paths: each is unique in its pod."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import PodTemplate, pod_templates
from milepost.emit.rendered import Rendered
from milepost.model.document import Path

MP6017 = Code(
    "MP6017",
    "duplicate name or path in a pod",
    "Two containers, variables or volumes of one name, or two mounts at one path: Kubernetes refuses some of them, and of "
    "two variables the last wins without a word.",
    "patch: {spec: {template: {spec: {volumes: [{name: a, emptyDir: {}}, {name: a, emptyDir: {}}]}}}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for pod in pod_templates(rendered):
        containers = [container for _, container in pod.containers]
        _once(pod, pod.path, "container", _values(containers, "name"), findings)
        _once(pod, (*pod.path, "volumes"), "volume", _values(pod.spec.get("volumes"), "name"), findings)
        for path, container in pod.containers:
            # Kubernetes accepts a variable twice, and the last one wins without a word.
            _once(pod, (*path, "env"), "variable", _values(container.get("env"), "name"), findings)
            mounts = _values(container.get("volumeMounts"), "mountPath")
            _once(pod, (*path, "volumeMounts"), "path", mounts, findings)
            _once(pod, (*path, "ports"), "port", _values(container.get("ports"), "name"), findings)


def _values(items: Iterable[Mapping[str, Any]] | None, field: str) -> list[Any]:
    return [item[field] for item in items or () if item.get(field) is not None]


def _once(pod: PodTemplate, path: Path, what: str, values: list[Any], findings: Findings) -> None:
    for value, times in Counter(values).items():
        if times > 1:
            findings.add(MP6017, pod.obj, path, f'names the {what} "{value}" {times} times')
