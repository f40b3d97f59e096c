"""Guard of guards: a change that lets pass what the guards and policies of the base refuse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from milepost.diagnostics import Code
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, finding

ORDER = 5
MP7016 = Code(
    "MP7016",
    "guard or policy loosened",
    "The change raises a limit of `guards`, watches for less, or takes away what a Policy demands. It changes no tree, and it "
    "changes what every later change may do, so it is reviewed as what it is: alone, and by those who own the fleet by the base. "
    "The acknowledgement names one of them in `by`. That they did look is for the code owners of the fleet's file to show.",
    "guards:\n  removals: {workloads: 500}\n# where it was 0\n",
)


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    # The rules of the base know no base: only the pair of both can tell.
    if not change.loosened or rules.base is None:
        return
    shown = "; ".join(change.loosened[:_MOST]) + (
        f" and {len(change.loosened) - _MOST} more" if len(change.loosened) > _MOST else ""
    )
    owners = rules.base.owners
    asked = f" (ask {', '.join(owners)}, who own the fleet by the base)" if owners else ""
    entry = f"allows: loosened-{change.loosening_id}"
    found = finding(MP7016, f"guards or policies would be loosened: {shown}{asked}", change, rules, [entry])
    by = rules.acknowledged_by.get(entry.removeprefix("allows: "))
    # Whoever the base names must be the one who looked: the change could name anybody.
    yield replace(found, by=owners, reason=found.reason if not owners or by in owners else None)


_MOST = 8
