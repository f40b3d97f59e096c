"""Guard of privilege: pods and roles that could do more than before."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, watched
from milepost.publish.review.show.line_list import told

ORDER = 70
MP7009 = Code(
    "MP7009",
    "raised privilege",
    "A pod would be privileged, run as root, enter the namespaces or system folders of its node, or be given a token; or a role "
    "would get words such as `*`, `secrets`, `escalate`. What such a pod does to a node, a revert does not undo. The summary "
    "spells every such field out.",
    "patch: {spec: {template: {spec: {hostPID: true}}}}\n",
)


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    found = [line for line in change.lines if line.has(Effect.PRIVILEGE)]
    if found:
        yield from watched("privilege", MP7009, told("privilege would be raised", found), change, rules)
