"""Guard of stranded objects: those that leave the tree while the unit that applied them lets go of them too."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, finding
from milepost.publish.review.show.words import counted

ORDER = 38
MP7021 = Code(
    "MP7021",
    "removed together with its waiting unit",
    "While a section waits for a pre-pull, its part of the release has a unit of its own, and that unit leaves what it applied "
    "for the section's unit to take over. An object that leaves the tree in the same change is taken over by nobody: no agent "
    "removes it, and it goes on running. Let the section have its objects back first (`applied` of the release), and "
    "remove them with the next change.",
    "applied: south\n# and a component of that application removed in the same commit\n",
)


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    if not change.stranded:
        return
    (path, first), more = change.stranded[0], len(change.stranded) - 1
    others = f" and {counted(more, 'more object')}" if more else ""
    message = f"{first.kind} {first.name} in {path}{others} would go on running, and no unit would have it"
    yield finding(MP7021, message, change, rules, [f"allows: stranded-objects-{change.id}"])
