"""Guard of node labels: pods that would stop because a label that placement goes by is another."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, watched
from milepost.publish.review.show.words import counted

ORDER = 35
MP7013 = Code(
    "MP7013",
    "label that placement goes by changes",
    "Nodes that have joined would have other labels, and workloads that run there now do not select them any more: once somebody "
    "sets the labels, their pods stop. `milepost inventory relabel` gives the commands and their order. Look at roles, types "
    "and labels of the nodes that the change touches, or acknowledge this very change.",
    "name,station,profile,roles\nlane-1,changtan,box,server\n# where its role was lane\n",
)


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    stopping = change.stopping
    if stopping.pods:
        message = (
            f"{counted(stopping.pods, 'pod')} on {counted(stopping.nodes, 'node')} would stop once nodes have the labels of "
            f"this change, first of all on {stopping.first}"
        )
        yield from watched("labels", MP7013, message, change, rules)
