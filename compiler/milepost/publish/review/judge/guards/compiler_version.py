"""Guard of the compiler version: trees that another Milepost wrote."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, watched
from milepost.publish.review.show.words import counted

ORDER = 110
MP7015 = Code(
    "MP7015",
    "tree written by another Milepost",
    "The trees of the base were written by another version of Milepost: what the change of the spec does and what the other "
    "compiler does stand in one difference. Upgrade in a change of its own, without a change of the spec, and read the "
    "changelog beside it.",
    "pip install milepost==0.2.0, and an edit of the spec\n",
)


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    for old, new in sorted(set(change.compilers.values())):
        where = [province for province, versions in change.compilers.items() if versions == (old, new)]
        message = (
            f"the trees of {counted(len(where), 'province')} are compiled by Milepost {new}, before by {old}: everything in "
            "them may come from the compiler"
        )
        yield from watched("compiler", MP7015, message, change, rules)
