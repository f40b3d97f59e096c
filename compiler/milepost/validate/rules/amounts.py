"""Amounts and ports of pods in manifests and patches: what the proofs of capacity, quota and ports count is read exactly.

Those of the spec's own fields are checked by their models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from milepost.diagnostics import Code, Sink
from milepost.model.document import Path
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedSpec
from milepost.model.port import LAST, is_number
from milepost.model.quantity import advice, fault

MP2028 = Code(
    "MP2028",
    "amount or port of a pod that cannot be read",
    "Milepost proves that nodes hold their pods and that no two of them take one port, so it must read what a manifest "
    "or a patch asks for. An amount is a number with one of Kubernetes' suffixes, such as `250m` of CPU or `64Mi` of "
    "memory; `512m` of memory would be half a byte. A port is a number from 1 to 65535.",
    "patch: {spec: {template: {spec: {containers: [{name: a, resources: {limits: {memory: 512m}}}]}}}}\n",
)
_TEMPLATE: Path = ("spec", "template", "spec")
_CONTAINERS = ("initContainers", "containers")


class _Fault(NamedTuple):
    """Where something is wrong in a pod's spec, what, and what would help."""

    path: Path
    message: str
    hint: str | None = None

    def below(self, *path: str | int) -> _Fault:
        return self._replace(path=(*path, *self.path))


def check(spec: ParsedSpec, sink: Sink) -> None:
    manifests: set[str] = set()
    for application in spec.applications.values():
        for index, component in enumerate(application.model.spec.components):
            if component.patch:
                at = application.at.of("spec", "components", index, "patch")
                _report(component.patch, _TEMPLATE, at, sink)
            if component.manifest:
                manifests.add(component.manifest)
    for name in sorted(manifests):
        for document in spec.source.manifests.get(name, ()):
            # A Pod has no template: its own spec is what others carry under
            # `spec.template.spec`.
            path = ("spec",) if document.kind == "Pod" else _TEMPLATE
            _report(document.value, path, DocumentOrigin(document), sink)


def _report(value: Any, path: Path, at: DocumentOrigin, sink: Sink) -> None:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    for found in _faults(value) if isinstance(value, Mapping) else ():
        sink.report(MP2028, found.message, at.of(*path, *found.path).span, hint=found.hint)


def _faults(pod: Mapping[str, Any]) -> Iterator[_Fault]:
    yield from _resources(pod)
    yield from _amounts(pod, "overhead")
    for field in _CONTAINERS:
        for index, container in _items(pod, field):
            yield from (found.below(field, index) for found in _container(container))


def _container(container: Mapping[str, Any]) -> Iterator[_Fault]:
    yield from _resources(container)
    for index, port in _items(container, "ports"):
        for key in ("containerPort", "hostPort"):
            # Zero is how Kubernetes writes that there is none.
            if port.get(key) not in (None, 0) and not is_number(port[key]):
                yield _Fault(("ports", index, key), f"{key} must be a number from 1 to {LAST}")


def _resources(holder: Mapping[str, Any]) -> Iterator[_Fault]:
    resources = holder.get("resources")
    if isinstance(resources, Mapping):
        for kind in ("requests", "limits"):
            yield from (found.below("resources") for found in _amounts(resources, kind))
    elif resources is not None:
        yield _Fault(("resources",), "resources must be a mapping")


def _amounts(holder: Mapping[str, Any], key: str) -> Iterator[_Fault]:
    amounts = holder.get(key)
    if isinstance(amounts, Mapping):
        for name, value in amounts.items():
            if value is not None and (why := fault(str(name), value)):
                yield _Fault((key, name), why, advice(str(name), value))
    elif amounts is not None:
        yield _Fault((key,), f"{key} must be a mapping of resources to amounts")


def _items(holder: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    found = holder.get(key)
    for index, item in enumerate(found if isinstance(found, list | tuple) else ()):
        if isinstance(item, Mapping):
            yield index, item
