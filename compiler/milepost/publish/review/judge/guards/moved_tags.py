"""Guard of digests: other bytes behind a tag that stays."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, watched
from milepost.publish.review.show.line_list import told

ORDER = 90
MP7012 = Code(
    "MP7012",
    "other digest behind the same tag",
    "An image keeps its tag and gets another digest: what runs is another program under a version that was looked at, tested and "
    "perhaps pre-pulled before. Give the new bytes a tag of their own, or look at why a registry has moved the tag.",
    "images.lock.yaml with another digest for mysql 8.0.36\n",
)


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    found = [line for line in change.lines if line.has(Effect.REPULLS)]
    if found:
        yield from watched(
            "digests", MP7012, told("other bytes would run under the same tag", found), change, rules
        )
