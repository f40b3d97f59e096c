"""A rendered object: the file that holds it, why it is shaped so, and the chain of places that led to it."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Span
from milepost.model.manifest import Manifest, Sheet, Stamp, fill, unit_of
from milepost.model.plan import Plan
from milepost.pipeline import Compiled

Line = tuple[str, Span | None, int]


def find_objects(compiled: Compiled, wanted: str) -> Iterator[Line]:
    """Every object that ``wanted`` names, as ``Kind/name``, ``Kind/namespace/name`` or a path of the tree."""
    parts = wanted.split("/")
    for sheet in compiled.lowered.sheets:
        for stamp in sheet.stamps:
            for manifest in sheet.manifests:
                if stamp.path == wanted or _is_named(manifest, stamp, parts):
                    yield from explain_object(compiled.plan, sheet, manifest, stamp)


def _is_named(manifest: Manifest, stamp: Stamp, parts: list[str]) -> bool:
    if not 2 <= len(parts) <= 3 or manifest.kind.lower() != parts[0].lower():
        return False
    if fill(manifest.name, stamp.values) != parts[-1]:
        return False
    namespace = fill(str(manifest.body["metadata"].get("namespace", "")), stamp.values)
    return len(parts) == 2 or namespace == parts[1]


def explain_object(plan: Plan, sheet: Sheet, manifest: Manifest, stamp: Stamp) -> Iterator[Line]:
    """One object as it stands at one stamp of its sheet."""
    name = fill(manifest.name, stamp.values)
    yield f"{manifest.kind} {name} in {plan.fleet.province.name}/{stamp.path}", None, 0
    if manifest.reason:
        yield manifest.reason, None, 1
    yield "asked for here", (stamp.origin or manifest.origin).span, 1
    if len(sheet.stamps) > 1:
        yield f"one of {len(sheet.stamps)} of the same shape in the province", None, 1
    yield from _chain(plan, stamp)


def _chain(plan: Plan, stamp: Stamp) -> Iterator[Line]:
    """From the station outward to the centre."""
    group = plan.fleet.groups.get(unit_of(stamp.path).removeprefix("groups/"))
    if group is not None:
        for station in group.stations:
            if station.name == stamp.values.get("station"):
                yield f"for station {station.name}", station.origin.span, 1
        yield f"of station group {group.name}", group.origin.span, 1
    yield f"of province {plan.fleet.province.name}", plan.fleet.province.origin.span, 1
    yield f"of fleet {plan.fleet.catalog.name}", plan.fleet.catalog.origin.span, 1
