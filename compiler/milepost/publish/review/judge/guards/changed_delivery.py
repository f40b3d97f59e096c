"""Guard of delivery: where a cluster gets its tree from, who applies it, and whether it still does."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, watched
from milepost.publish.review.show.line_list import told

ORDER = 80
MP7011 = Code(
    "MP7011",
    "changed source or identity of delivery",
    "The source of a cluster, its credentials or its proof, the account that applies the tree, or whether a unit is applied, "
    "pruned or suspended would change. Whoever holds the source holds the cluster, and a cluster that follows another source "
    "does not see a revert here.",
    "sync: {source: {url: 'https://elsewhere.example/tree.git'}}\n",
)


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    found = [line for line in change.lines if line.has(Effect.REDIRECTS)]
    if found:
        yield from watched("delivery", MP7011, told("delivery would change", found), change, rules)
