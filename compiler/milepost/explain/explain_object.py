"""Explanation of a rendered object: its file, why it is shaped so, and the chain of places that led to it."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Span
from milepost.model.manifest import Manifest, ManifestTemplate, TemplateInstance, fill, unit_of
from milepost.model.plan import Plan
from milepost.pipeline import Compiled

Line = tuple[str, Span | None, int]


def find_objects(compiled: Compiled, wanted: str) -> Iterator[Line]:
    """Every object that ``wanted`` names, as ``Kind/name``, ``Kind/namespace/name`` or a path of the tree."""
    parts = wanted.split("/")
    for template in compiled.lowered.templates:
        for instance in template.instances:
            for manifest in template.manifests:
                if instance.path == wanted or _is_named(manifest, instance, parts):
                    yield from explain_object(compiled.plan, template, manifest, instance)


def _is_named(manifest: Manifest, instance: TemplateInstance, parts: list[str]) -> bool:
    # Compared before names are filled in: filling every name of a province takes far longer
    # than comparing kinds.
    if not 2 <= len(parts) <= 3 or manifest.kind.lower() != parts[0].lower():
        return False
    if fill(manifest.name, instance.values) != parts[-1]:
        return False
    namespace = fill(str(manifest.body["metadata"].get("namespace", "")), instance.values)
    return len(parts) == 2 or namespace == parts[1]


def explain_object(
    plan: Plan, template: ManifestTemplate, manifest: Manifest, instance: TemplateInstance
) -> Iterator[Line]:
    """One object as it stands at one instance of its template."""
    name = fill(manifest.name, instance.values)
    yield f"{manifest.kind} {name} in {plan.fleet.province.name}/{instance.path}", None, 0
    if manifest.reason:
        yield manifest.reason, None, 1
    yield "asked for here", (instance.origin or manifest.origin).span, 1
    if len(template.instances) > 1:
        yield f"one of {len(template.instances)} of the same shape in the province", None, 1
    yield from _chain(plan, instance)


def _chain(plan: Plan, instance: TemplateInstance) -> Iterator[Line]:
    """From the station outward to the centre."""
    group = plan.fleet.groups.get(unit_of(instance.path).removeprefix("groups/"))
    if group is not None:
        for station in group.stations:
            if station.name == instance.values.get("station"):
                yield f"for station {station.name}", station.origin.span, 1
        yield f"of station group {group.name}", group.origin.span, 1
    yield f"of province {plan.fleet.province.name}", plan.fleet.province.origin.span, 1
    yield f"of fleet {plan.fleet.catalog.name}", plan.fleet.catalog.origin.span, 1
