"""Sync units: names of their objects, the pre-pull gates that they wait for, and the source of the tree."""

from __future__ import annotations

from milepost.lower.mirror import namespaces as of_mirrors
from milepost.lower.pull_orders import namespaces as of_pulls
from milepost.model import kinds
from milepost.model.cloud_side import NAMESPACE
from milepost.model.delivery.base import Delivery, Unit, engine
from milepost.model.plan import Plan
from milepost.model.rollout import PullStage

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
        shared=(*of_pulls(plan), *of_mirrors(plan), *((NAMESPACE,) if plan.cloud.workloads else ())),
        label_domain=plan.fleet.catalog.label_domain,
    )


def unit(path: str, plan: Plan) -> Unit:
    """The unit of a folder, with gates where the engine can make one unit wait for another."""
    gates = _gates_of(plan, path) if engine(plan.fleet.province.sync.engine).ORDERS_UNITS else []
    # The base has the namespaces. A unit that is applied first fails for each of its objects
    # and waits for the next retry.
    before = [] if path == BASE else [BASE, *gates]
    return Unit(path, _name(path), _namespace(path), tuple(map(_name, before)), _stage_of(plan, path))


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


def _stage_of(plan: Plan, unit: str) -> PullStage | None:
    """The stage whose jobs end last in ``unit``; None for a unit that pulls nothing."""
    stages = [s for pull in plan.prepulls.waves if pull.prepulled for s in pull.stages if s.unit == unit]
    return stages[-1] if stages else None


def _gates_of(plan: Plan, unit: str) -> list[str]:
    """Units that must be done before this one may begin: the stage before it, or the pre-pulls of what it runs."""
    stage = _stage_of(plan, unit)
    if stage is not None:
        return [stage.after] if stage.after is not None else []
    return (
        list(plan.prepulls.gates.get(unit.removeprefix("groups/"), ())) if unit.startswith("groups/") else []
    )
