"""Extra objects: manifests that the spec brings along, in the units of the places that they are for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from milepost.diagnostics import Sink
from milepost.lower.backend import PlacedManifest
from milepost.lower.order import in_order
from milepost.lower.running_versions import running_versions
from milepost.lower.scope import ProvinceScope, StationScope
from milepost.model import kinds, layout
from milepost.model.cloud_side import NAMESPACE
from milepost.model.extra_objects import ExtraObject
from milepost.model.manifest import Manifest, ManifestTemplate, TemplateInstance, placeholder
from milepost.model.plan import Plan, StationClass, Workload

UNIT = "objects"
_NAME = re.compile(r"\{\{ *(station|group)\.name *\}\}")
_REASON = "the spec brings its manifest along"


def lower_station(station_class: StationClass, scope: StationScope) -> Iterator[Manifest]:
    for key in sorted({workload.edition for workload in station_class.workloads}):
        for extra in scope.plan.fleet.of_key(key).objects:
            if extra.per == "station":
                body = _placed(extra, scope.namespace, ("station", "group"))
                body["metadata"]["name"] = scope.name(body["metadata"]["name"])
                yield Manifest(body, extra.origin, _REASON)


def lower_cloud(workloads: Sequence[Workload], scope: ProvinceScope) -> Iterator[Manifest]:
    for name in sorted({workload.application for workload in workloads}):
        for extra in scope.plan.fleet.application(name).objects:
            yield Manifest(_placed(extra, NAMESPACE, ()), extra.origin, _REASON)


def lower_province(plan: Plan, sink: Sink) -> Iterable[PlacedManifest | ManifestTemplate]:
    for extra in plan.fleet.province.objects:
        path = layout.PLATFORM_OBJECTS.path(unit=UNIT)
        yield PlacedManifest(path, Manifest(dict(extra.body), extra.origin, _REASON))
    for group in plan.fleet.province.groups:
        for extra in group.objects:
            path = layout.SHARED_PART.path(group=group.name, part=UNIT)
            yield PlacedManifest(path, Manifest(_placed(extra, group.name, ()), extra.origin, _REASON))
    yield from _of_applications(plan)


def _of_applications(plan: Plan) -> Iterator[ManifestTemplate]:
    """A file for each application in the unit of each station group that runs it: one template, since they are alike."""
    here: dict[tuple[str, str], list[str]] = {}
    for group, versions in running_versions(plan).items():
        for name, version in versions.items():
            here.setdefault((name, plan.fleet.edition(name, version).key), []).append(group)
    for (name, key), groups in sorted(here.items()):
        extras = [e for e in plan.fleet.of_key(key).objects if e.per == "group"]
        if extras:
            made = [Manifest(_placed(e, placeholder("group"), ("group",)), e.origin, _REASON) for e in extras]
            instances = [
                TemplateInstance(
                    layout.SHARED_PART.path(group=group, part=f"{name}.{UNIT}"), {"group": group}
                )
                for group in groups
            ]
            yield ManifestTemplate(in_order(made), tuple(instances))


def _placed(extra: ExtraObject, namespace: str, names: Sequence[str]) -> dict[str, Any]:
    """The object in ``namespace``, with placeholders for ``names`` of its place."""
    body: dict[str, Any] = _filled(extra.body, names)
    body["metadata"] = {"name": body["metadata"]["name"], "namespace": namespace} | body["metadata"]
    if extra.body["kind"] == kinds.ROLE_BINDING.name:
        body["subjects"] = [_subject(subject, namespace) for subject in body.get("subjects") or ()]
    return body


def _subject(subject: Mapping[str, Any], namespace: str) -> Mapping[str, Any]:
    """A ServiceAccount without a namespace is one of the same."""
    own = subject.get("kind") == kinds.SERVICE_ACCOUNT.name and not subject.get("namespace")
    return {**subject, "namespace": namespace} if own else subject


def _filled(value: Any, names: Sequence[str]) -> Any:
    if isinstance(value, str):
        return _NAME.sub(lambda found: placeholder(found[1]) if found[1] in names else found[0], value)
    if isinstance(value, Mapping):
        return {_filled(key, names): _filled(item, names) for key, item in value.items()}
    return [_filled(item, names) for item in value] if isinstance(value, list | tuple) else value
