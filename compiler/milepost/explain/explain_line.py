"""Explanation of a line: of a rendered file, the object that stands there; of the spec, what is rendered because of it."""

from __future__ import annotations

from collections.abc import Iterator

from milepost import emit
from milepost.diagnostics import Span
from milepost.diagnostics.wording import and_more
from milepost.explain.explain_object import Line, explain_object
from milepost.explain.explain_place import explain_group, explain_node, explain_station
from milepost.model.manifest import ManifestTemplate, fill, unit_of
from milepost.pipeline import Compiled


def explain_line(compiled: Compiled, path: str, rendered: str, line: int) -> Iterator[Line]:
    """``path`` as below the spec's root, ``rendered`` as below the province's tree; lines count from 1."""
    yield from _object_at(compiled, rendered, line)
    yield from _list_at(compiled, rendered, line)
    yield from _inventory_at(compiled, path, line)
    yield from _asked_for_at(compiled, path, line)


def _object_at(compiled: Compiled, path: str, line: int) -> Iterator[Line]:
    for template in compiled.lowered.templates:
        for instance in template.instances:
            if instance.path == path:
                # Rendered again, for this instance alone: what is on the disk may be older than
                # the spec.
                [(_, data)] = emit.render(ManifestTemplate(template.manifests, (instance,)))
                lines = data().split(b"\n")
                if line <= len(lines):
                    # Documents stand in the order of the template, with a separator between them.
                    manifest = template.manifests[lines[: line - 1].count(b"---")]
                    yield from explain_object(compiled.plan, template, manifest, instance)


def _list_at(compiled: Compiled, path: str, line: int) -> Iterator[Line]:
    """A file that holds no objects: what it is a list of."""
    for text in compiled.lowered.texts:
        lines = text.text.splitlines()
        if text.path == path and line <= len(lines):
            group = compiled.plan.fleet.groups.get(unit_of(path).removeprefix("groups/"))
            where = f"line {line} of {compiled.plan.fleet.province.name}/{path}, which holds no object"
            yield f"{where}: {lines[line - 1].strip()}", None, 0
            if group is not None:
                yield from explain_group(compiled.plan, group)


def _inventory_at(compiled: Compiled, path: str, line: int) -> Iterator[Line]:
    for group in compiled.plan.fleet.province.groups:
        for station in group.stations:
            if _covers(station.origin.span, path, line):
                yield from explain_station(compiled.plan, station)
            for node in station.nodes:
                if _covers(node.origin.span, path, line):
                    yield from explain_node(compiled.plan, station, node)


def _asked_for_at(compiled: Compiled, path: str, line: int) -> Iterator[Line]:
    province = compiled.plan.fleet.province.name
    for template in compiled.lowered.templates:
        for manifest in template.manifests:
            origins = ((instance, instance.origin or manifest.origin) for instance in template.instances)
            found = [(instance, origin) for instance, origin in origins if _covers(origin.span, path, line)]
            if found:
                first, origin = found[0]
                more = and_more(len(found) - 1, "file")
                name = fill(manifest.name, first.values)
                yield f"{manifest.kind} {name} in {province}/{first.path}{more}", origin.span, 0


def _covers(span: Span, path: str, line: int) -> bool:
    return span.path == path and span.line <= line <= max(span.line, span.end_line)
