"""Sync units: names of their objects, the pre-pulls that they wait for, and the source of the tree."""

from __future__ import annotations

from collections.abc import Iterable

from milepost.lower import switch_units
from milepost.lower.mirror import namespaces as of_mirrors
from milepost.lower.pull_orders import namespaces as of_pulls
from milepost.model import kinds
from milepost.model.cloud_side import NAMESPACE
from milepost.model.delivery.base import Delivery, Unit, engine
from milepost.model.plan import Plan
from milepost.model.rollout import Gate, PullStage

BASE = "platform/base"
"""The unit of namespaces, quotas and cluster-wide classes, which all others wait for."""
_REFERENCES = {kinds.GIT_REPOSITORY.name: "province/{province}", kinds.OCI_REPOSITORY.name: "{province}"}
"""What ``milepost publish`` makes where it is told nothing else."""


def delivery(plan: Plan, used: Iterable[str] = ()) -> Delivery:
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
        kinds=tuple(sorted(used)),
    )


def unit(path: str, plan: Plan) -> Unit:
    """The unit of a folder, with gates where the engine can make one unit wait for another."""
    stage = _stage_of(plan, path)
    ordered = engine(plan.fleet.province.sync.engine).ORDERS_UNITS
    gates = [stage.after] if ordered and stage is not None and stage.after is not None else []
    # The base has the namespaces. A unit that is applied first fails for each of its objects
    # and waits for the next retry.
    before = [] if path == BASE else [BASE, *gates]
    group = _namespace(path)
    held = switch_units.held(plan, group) if group is not None else ()
    return Unit(path, _name(path), group, tuple(map(_name, before)), stage, held=held)


def switching(gate: Gate, plan: Plan) -> Unit:
    """The unit of what moves in a group: after the pre-pull, where that is a unit of its own."""
    before = (BASE, gate.unit) if gate.unit else (BASE,)
    after = tuple(map(_name, before))
    reads = (f"groups/{gate.group}",)
    return Unit(switch_units.path(gate), switch_units.name(gate), gate.group, after, reads=reads)


def for_group(one: Unit, group: str) -> Unit:
    """What ``one`` group's unit is, of another group: a name, or a placeholder for one."""
    path = f"groups/{group}"
    return Unit(path, _name(path), _namespace(path), one.after, one.pull, held=one.held)


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
