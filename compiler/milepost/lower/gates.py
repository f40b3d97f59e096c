"""Pre-pull gates: what waits for a pre-pull, and how the agent sees that one is done."""

from __future__ import annotations

from milepost.model.plan import Plan
from milepost.model.rollout import PullStage


def stage_of(plan: Plan, unit: str) -> PullStage | None:
    """The stage whose jobs end last in ``unit``; None for a unit that pulls nothing."""
    stages = [s for pull in plan.prepulls.waves if pull.prepulled for s in pull.stages if s.unit == unit]
    return stages[-1] if stages else None


def gates_of(plan: Plan, unit: str) -> list[str]:
    """Units that must be done before this one may begin: the stage before it, or the pre-pulls of what it runs."""
    stage = stage_of(plan, unit)
    if stage is not None:
        return [stage.after] if stage.after is not None else []
    return (
        list(plan.prepulls.gates.get(unit.removeprefix("groups/"), ())) if unit.startswith("groups/") else []
    )
