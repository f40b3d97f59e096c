"""Guard of removals: what agents would prune, by ``guards.protect`` and ``guards.removals``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from milepost.diagnostics import Code
from milepost.model.spec.guard_settings import Guards
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, finding
from milepost.publish.review.read.join_lists import WORKLOADS
from milepost.publish.review.read.yaml_documents import ObjectIdentity
from milepost.publish.review.show.words import counted

ORDER = 10
MP7001 = Code(
    "MP7001",
    "guarded objects would be removed",
    "The change removes objects of a kind that `guards.protect` names, or more workloads or objects of a province than "
    "`guards.removals` lets go. Agents prune what a tree no longer holds, on every node at once. Where that is meant, an "
    "entry of `acknowledge` says which path may go, and why.",
    "guards:\n  protect: [StatefulSet]\n  removals: {workloads: 0, objects: 200}\n",
)

_MOST_PATHS = 5


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    unseen: dict[str, list[tuple[str, ObjectIdentity]]] = {}
    for path, identity in change.removed:
        # What was acknowledged does not count against the budget either.
        if rules.acknowledged(path) is None:
            unseen.setdefault(path.partition("/")[0], []).append((path, identity))
    for province, removed in sorted(unseen.items()):
        problem = _problem(removed, rules.guards)
        if problem:
            message = f"{province} would lose {problem}"
            yield finding(MP7001, message, change, rules, _paths(removed), ("removals",))


def _problem(removed: list[tuple[str, ObjectIdentity]], guards: Guards) -> str:
    """What is too much, or ``""``."""
    kinds = Counter(identity.kind for _, identity in removed)
    protected = [counted(kinds[kind], kind) for kind in sorted(guards.protect) if kinds[kind]]
    workloads = sum(kinds[kind] for kind in WORKLOADS)
    budget = guards.removals
    found = list(protected)
    if workloads > budget.workloads:
        found.append(f"{counted(workloads, 'workload')} where {budget.workloads} may go")
    if len(removed) > budget.objects:
        found.append(f"{counted(len(removed), 'object')} where {budget.objects} may go")
    return ", ".join(found)


def _paths(removed: Iterable[tuple[str, ObjectIdentity]]) -> list[str]:
    """The fewest paths that cover what goes: a file, the unit of several files, the province of many units."""
    files = {path for path, _ in removed}
    units = {path.rpartition("/")[0] for path in files}
    if len(files) <= _MOST_PATHS:
        return [f"removes: {path}" for path in sorted(files)]
    if len(units) <= _MOST_PATHS:
        return [f"removes: {unit}" for unit in sorted(units)]
    return [f"removes: {province}" for province in sorted({path.partition("/")[0] for path in files})]
