"""What both agents share: which units station groups have, the name of a unit's object, placeholders of the source."""

from __future__ import annotations

from collections.abc import Iterable

from milepost.model.fleet import StationGroup
from milepost.model.plan import Plan


def unit_name(unit: str) -> str:
    """``groups/hn-g4`` is synced by ``hn-g4``; other units carry a prefix that no station group has."""
    folder, _, name = unit.partition("/")
    return name if folder == "groups" else f"milepost-{unit.replace('/', '-')}"


def group_unit(group: str) -> str:
    """The unit of a station group."""
    return f"groups/{group}"


def by_group(plan: Plan, units: Iterable[str]) -> tuple[list[StationGroup], list[str]]:
    """The station groups that have a unit, and all other units."""
    groups: list[StationGroup] = []
    others: list[str] = []
    for unit in units:
        group = plan.groups.get(unit.removeprefix("groups/")) if unit.startswith("groups/") else None
        if group is None:
            others.append(unit)
        else:
            groups.append(group)
    return groups, others


def needs(unit: str) -> list[str]:
    """Units that must stand before this one: namespaces come first."""
    return [] if unit == BASE else [BASE]


_REFERENCES = {"GitRepository": "province/{province}", "OCIRepository": "{province}"}
"""What ``milepost publish`` makes where it is told nothing else."""
BASE = "platform/base"
"""The unit of namespaces, quotas and cluster-wide classes."""


def source_address(plan: Plan) -> tuple[str, str]:
    """Address and reference of the province's own tree."""
    province = plan.fleet.province.name
    source = plan.fleet.province.sync.source
    reference = source.reference or _REFERENCES[source.kind]
    return source.url.replace("{province}", province), reference.replace("{province}", province)
