"""Guard of the order: changes of which a pod may wait in some order of the rollout, though both states are proved."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.model.transition import WaitingPod
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, finding
from milepost.publish.review.show.words import counted

ORDER = 37
MP7020 = Code(
    "MP7020",
    "change not safe in every order",
    "Both states are proved, and the way between them is not: a pod that asks for more, or wants a port, may meet one that "
    "has not moved yet, because its node is lost or its other half is away, and waits for as long. Cut the change in two: "
    "what asks for less, leaves a port or goes first; and what asks for more, takes the port or comes when that is done "
    "everywhere. Two that swap need a third place in between.",
    "resources: {requests: {memory: 600Mi}}\n# and 400Mi in the same commit for another component of a node with 1 GiB\n",
)


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    if not change.waiting:
        return
    first, more = change.waiting[0], len(change.waiting) - 1
    stations = f" and {counted(first.stations - 1, 'more station')}" if first.stations > 1 else ""
    others = f"; so may {counted(more, 'more case')}" if more else ""
    message = f"while the change is rolled out, at {first.station} of {first.province}{stations} {_why(first)}{others}"
    yield finding(MP7020, message, change, rules, [f"allows: unsafe-order-{change.id}"])


def _why(found: WaitingPod) -> str:
    if found.short.startswith("port"):
        holders = ", ".join(found.pods[1:])
        return f"{found.pods[0]} may wait for {found.short} of node {found.node}, which {holders} has until it moves"
    one = 2**20 if found.short == "memory" else 1
    unit = " MiB of memory" if found.short == "memory" else "m CPU"
    asked, free = -(-found.asked // one), found.free // one
    return f"{', '.join(found.pods)} may ask node {found.node} for {asked}{unit} where it has {free}"
