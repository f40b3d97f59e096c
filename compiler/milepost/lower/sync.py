"""What both agents share: the objects of units, their names, placeholders of the source."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any

from milepost.lower import grouped
from milepost.lower.backend import OutputIndex, PlacedManifest
from milepost.model import kinds
from milepost.model.fleet import StationGroup
from milepost.model.manifest import Manifest, ManifestTemplate
from milepost.model.plan import Plan


def unit_name(unit: str) -> str:
    """``groups/hn-g4`` is synced by ``hn-g4``; other units carry a prefix that no station group has."""
    folder, _, name = unit.partition("/")
    return name if folder == "groups" else f"milepost-{unit.replace('/', '-')}"


def unit_objects(
    plan: Plan,
    index: OutputIndex,
    body: Callable[[str, str], dict[str, Any]],
    shape: Callable[[str], Hashable] = lambda unit: None,
) -> Iterator[PlacedManifest | ManifestTemplate]:
    """The agent's object of every unit, each in a file of its own; units of station groups with one ``shape`` are alike.

    ``body`` takes the unit as it is to be written, and one that it stands for.
    """
    groups: list[StationGroup] = []
    for unit in index.units():
        group = plan.fleet.groups.get(unit.removeprefix("groups/")) if unit.startswith("groups/") else None
        if group is not None:
            groups.append(group)
            continue
        manifest = Manifest(body(unit, unit), plan.fleet.province.origin, f"syncs the unit {unit}")
        yield PlacedManifest(f"sync/{unit_name(unit)}.yaml", manifest)

    def manifests(group: StationGroup) -> Iterator[Manifest]:
        written = body(_group_unit(grouped.GROUP), _group_unit(group.name))
        yield Manifest(written, group.origin, "syncs the unit of the station group")

    yield from grouped.templates(groups, "sync", lambda group: shape(_group_unit(group.name)), manifests)


def _group_unit(group: str) -> str:
    return f"groups/{group}"


def dependencies(unit: str) -> list[str]:
    """Units that must stand before this one: namespaces come first."""
    return [] if unit == BASE else [BASE]


_REFERENCES = {kinds.GIT_REPOSITORY.name: "province/{province}", kinds.OCI_REPOSITORY.name: "{province}"}
"""What ``milepost publish`` makes where it is told nothing else."""
BASE = "platform/base"
"""The unit of namespaces, quotas and cluster-wide classes."""


def source_address(plan: Plan) -> tuple[str, str]:
    """Address and reference of the province's own tree."""
    province = plan.fleet.province.name
    source = plan.fleet.province.sync.source
    reference = source.reference or _REFERENCES[source.kind]
    return source.url.replace("{province}", province), reference.replace("{province}", province)
