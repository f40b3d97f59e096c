"""Guard of emptied workloads: those that stay, and would run nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, finding
from milepost.publish.review.show.words import counted

ORDER = 30
MP7006 = Code(
    "MP7006",
    "workload that would run nowhere",
    "A workload stays in the tree, but what it selects nodes by changed so that no node fits any more: its pods stop on every "
    "node, as if it had been removed. Nothing in the cluster calls that a fault. Look at its selector and at the labels of "
    "the nodes; where it is meant, acknowledge this very change.",
    "nodes: {labels: {zone: nort}, mayBeEmpty: true}\n# where it was zone: north\n",
)


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    if not change.emptied:
        return
    first, more = change.emptied[0], len(change.emptied) - 1
    nodes = sum(each.nodes for each in change.emptied)
    others = f" and {counted(more, 'more workload')}" if more else ""
    message = (
        f"{first.identity.kind} {first.identity.name} in {first.path}{others} would run nowhere: pods on "
        f"{counted(nodes, 'node')} would stop"
    )
    yield finding(MP7006, message, change, rules, [f"allows: emptied-workloads-{change.id}"])
