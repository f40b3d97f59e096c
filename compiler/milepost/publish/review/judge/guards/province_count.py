"""Guard of the number of provinces that one change touches."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, finding
from milepost.publish.review.show.words import counted

ORDER = 40
MP7002 = Code(
    "MP7002",
    "change reaches too many provinces",
    "The change touches more provinces than `guards.provincesPerChange` allows. Split it, so that one province shows "
    "what it does before the next one gets it, or acknowledge this very change.",
    "guards:\n  provincesPerChange: 3\n",
)


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    most = rules.guards.provinces_per_change
    if most is not None and len(change.provinces) > most:
        message = (
            f"the change touches {counted(len(change.provinces), 'province')}; one change may touch {most}"
        )
        name = f"provinces-per-change-{change.id}"
        yield finding(MP7002, message, change, rules, [f"allows: {name}"], ("provincesPerChange",))
