"""Overriders of an EdgeApplication, within what KubeEdge gets right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject, mapping
from milepost.model import kinds
from milepost.model.document import Path
from milepost.model.quantity import fault, quantity

MP6043 = Code(
    "MP6043",
    "invalid EdgeApplication overrider",
    "`replace` on variables shuffles their order at every reconcile and restarts pods for ever. Resources can only be "
    "replaced where the template has the same key; otherwise that target is skipped with a line in a log. Overriding an "
    "image loses the digest that pins it.",
    "edgeApplication: true\npatch: {spec: {workloadScope: {targetNodeGroups: [{name: a, overriders: {}}]}}}\n",
)
_BY_CONTAINER = ("envOverriders", "commandOverriders", "argsOverriders", "resourcesOverriders")


def check(rendered: Rendered, findings: Findings) -> None:
    for application in rendered.of(kinds.EDGE_APPLICATION.name):
        containers = _containers(application)
        for path, overriders in _targets(application.body["spec"]["workloadScope"]):
            for more, predicate in _faults(overriders, containers):
                findings.add(MP6043, application, (*path, *more), predicate)


def _targets(scope: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for field in ("targetNodeGroups", "targetNodeLabels"):
        for index, target in enumerate(scope.get(field) or ()):
            yield ("spec", "workloadScope", field, index, "overriders"), target.get("overriders") or {}


def _containers(application: RenderedObject) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for manifest in application.body["spec"]["workloadTemplate"]["manifests"]:
        containers = mapping(manifest, "spec", "template", "spec").get("containers")
        for container in containers if isinstance(containers, list | tuple) else ():
            found[str(mapping(container).get("name", ""))] = mapping(container)
    return found


def _faults(
    overriders: Mapping[str, Any], containers: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[Path, str]]:
    if overriders.get("imageOverriders"):
        yield ("imageOverriders",), "would lose the digest that pins the image"
    for field in _BY_CONTAINER:
        for index, item in enumerate(overriders.get(field) or ()):
            if item["containerName"] not in containers:
                yield (
                    (field, index),
                    f'names the container "{item["containerName"]}", which is not in the template',
                )
    for index, item in enumerate(overriders.get("envOverriders") or ()):
        # The controller walks a Go map for it, in another order each time, so every reconcile
        # is a new pod template.
        if item["operator"] == "replace":
            yield ("envOverriders", index, "operator"), "must not be replace"
    for index, item in enumerate(overriders.get("resourcesOverriders") or ()):
        for path, predicate in _resources(item["value"], containers.get(item["containerName"], {})):
            yield ("resourcesOverriders", index, "value", *path), predicate


def _resources(value: Mapping[str, Any], container: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for part in ("requests", "limits"):
        known = mapping(container, "resources", part)
        for name, amount in (value.get(part) or {}).items():
            # It is a JSON patch of kind `replace`, which needs the key, and the slash of an
            # extended resource is not escaped in its pointer.
            if name not in known or "/" in name:
                yield (part, name), "is not in the template, so this target would be skipped"
            elif amount == "" or (fault(name, amount) is None and quantity(str(amount)).nanos == 0):
                yield (part, name), "is zero, which KubeEdge skips"
