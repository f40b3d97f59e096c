"""Guard of data: instances that stay, and would start on another folder, volume or node than that of their data."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, watched
from milepost.publish.review.show.line_list import told

ORDER = 25
MP7010 = Code(
    "MP7010",
    "instance starts on other data",
    "The path or volume of what an instance keeps would be another, its claim a new one, or its pin to a node would come or "
    "go: it starts empty, or with older data. A revert goes back to the old data, and what was written meanwhile stays behind. "
    "Move the data first, or acknowledge this very change.",
    "volumes:\n  - {name: data, path: /var/lib/mysql, hostPath: /var/lib/tolling/mysql8}\n",
)


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    found = [
        line
        for line in change.lines
        if line.radius.now and line.has(Effect.HIDES_DATA, Effect.DELETES_STATE) and line.found.key.field
    ]
    if found:
        yield from watched("data", MP7010, told("instances would start on other data", found), change, rules)
