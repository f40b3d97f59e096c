"""What both agents share: the name of a unit's object, and placeholders of the source."""

from __future__ import annotations

from milepost.model.plan import Plan


def unit_name(unit: str) -> str:
    """``groups/hn-g4`` is synced by ``hn-g4``; other units carry a prefix that no station group has."""
    folder, _, name = unit.partition("/")
    return name if folder == "groups" else f"milepost-{unit.replace('/', '-')}"


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
