"""Guard of whole provinces: objects that stand once, and reach every station of a province when they change."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.model.layout import FileRole
from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, watched
from milepost.publish.review.show.line_list import told

ORDER = 100
MP7014 = Code(
    "MP7014",
    "change reaches a whole province at once",
    "An object that a province has once, such as its mirror, a priority class or a role, changes what runs at all of its "
    "stations in the same minute. Try it in one province first, or acknowledge this very change.",
    "kind: RegistryTier\nmetadata: {name: province}\nspec: {mirror: {port: 5001}}\n",
)


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    found = [
        line
        for line in change.lines
        if line.found.key.role is FileRole.PROVINCE
        and line.radius.now
        and Effect.REDIRECTS.severity > line.effect.severity >= Effect.RESTARTS.severity
    ]
    if found:
        yield from watched(
            "province", MP7014, told("whole provinces would change at once", found), change, rules
        )
