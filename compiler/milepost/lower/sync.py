"""Units as a delivery engine is told of them: names of their objects, what they wait for, the source of the tree."""

from __future__ import annotations

from milepost.lower.gates import gates_of, stage_of
from milepost.lower.mirror import namespaces as of_mirrors
from milepost.lower.pull_orders import namespaces as of_pulls
from milepost.model import kinds
from milepost.model.delivery.base import Delivery, Unit, engine
from milepost.model.plan import Plan

BASE = "platform/base"
"""The unit of namespaces, quotas and cluster-wide classes, which all others wait for."""
_REFERENCES = {kinds.GIT_REPOSITORY.name: "province/{province}", kinds.OCI_REPOSITORY.name: "{province}"}
"""What ``milepost publish`` makes where it is told nothing else."""


def delivery(plan: Plan) -> Delivery:
    """The province as its engine sees it."""
    province = plan.fleet.province
    source = province.sync.source
    reference = source.reference or _REFERENCES[source.kind]
    return Delivery(
        province=province,
        url=source.url.replace("{province}", province.name),
        reference=reference.replace("{province}", province.name),
        groups=tuple(plan.fleet.groups),
        shared=(*of_pulls(plan), *of_mirrors(plan)),
        label_domain=plan.fleet.catalog.label_domain,
    )


def unit(path: str, plan: Plan) -> Unit:
    """The unit of a folder, with gates where the engine can make one unit wait for another."""
    gates = gates_of(plan, path) if engine(plan.fleet.province.sync.engine).ORDERS_UNITS else []
    before = [] if path == BASE else [BASE, *gates]
    return Unit(path, _name(path), _namespace(path), tuple(map(_name, before)), stage_of(plan, path))


def for_group(one: Unit, group: str) -> Unit:
    """What ``one`` group's unit is, of another group: a name, or a placeholder for one."""
    path = f"groups/{group}"
    return Unit(path, _name(path), _namespace(path), one.after, one.pull)


def _name(path: str) -> str:
    """``groups/hn-g4`` is synced by ``hn-g4``; other units carry a prefix that no station group has."""
    return _namespace(path) or f"milepost-{path.replace('/', '-')}"


def _namespace(path: str) -> str | None:
    folder, _, name = path.partition("/")
    return name if folder == "groups" else None
