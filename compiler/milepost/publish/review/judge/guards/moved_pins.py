"""Guard of pins: instances that would leave the node with their data."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, finding
from milepost.publish.review.show.words import counted

ORDER = 20
MP7004 = Code(
    "MP7004",
    "instance moved off its data",
    "A workload that keeps data on a node's disk would be pinned to another node. It starts there with an empty directory, "
    "or with that of another instance, and what the old node holds stays behind. After a machine was replaced that is "
    "meant, and the data comes back from a backup or from the other instances; otherwise look at the `slot` and the "
    "labels of the nodes that the change touched. A revert pins it back, and leaves behind what was written meanwhile.",
    "name,station,profile,roles,slot\nredis-c,yueyang,box,data,0\n# where redis-a was in slot 0\n",
)


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    if not change.repinned:
        return
    first, more = change.repinned[0], len(change.repinned) - 1
    others = f"; so would {counted(more, 'more object')}" if more else ""
    message = (
        f"{first.identity.kind} {first.identity.name} in {first.path} would leave node {first.before} for {first.after}, and "
        f"its data stays behind{others}"
    )
    yield finding(MP7004, message, change, rules, [f"allows: moved-pins-{change.id}"])
