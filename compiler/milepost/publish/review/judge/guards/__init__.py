"""Change guards: what must not change before somebody has looked at it, a module each.

``judge`` asks every guard twice, by the rules of the base and by those of the change: a change cannot switch off the guard
that it meets.
"""

from __future__ import annotations

from collections.abc import Iterable

from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, guards

__all__ = ["GuardFinding", "GuardedChange", "judge", "notes"]


def judge(change: GuardedChange, rules: GuardRules) -> list[GuardFinding]:
    """Every guard that the change meets, in a fixed order; what both sets of rules say alike, once."""
    found: dict[tuple[str, str], GuardFinding] = {}
    for one in (rules, *([rules.base] if rules.base is not None else [])):
        for guard in guards():
            for finding in guard(change, one):
                found.setdefault((finding.diagnostic.code.id, finding.diagnostic.message), finding)
    return list(found.values())


def notes(change: GuardedChange, rules: GuardRules, standing: Iterable[str]) -> list[str]:
    """What could not be judged, and acknowledgements that are used up; ``standing`` are the paths of the old tree."""
    found = []
    if rules.guards.frozen and rules.now is None:
        found.append("frozen times were not judged: the working tree has no date; give --now")
    if rules.known_secrets and rules.now is None:
        found.append("ends of known secrets were not judged: the working tree has no date; give --now")
    # One text to search in: a tree has tens of thousands of paths, and an acknowledged one may
    # be a file or any folder above it.
    every = "\0" + "/\0".join(standing) + "/"
    found += [
        f"acknowledged, and no longer there: removes: {path}"
        for path in sorted(rules.removes)
        if f"\0{path}/" not in every
    ]
    # An `allows` ends in the beginning of the change's digest, so it cannot let a later change
    # pass by staying in the file.
    used_up = (
        name
        for name in sorted(rules.allows)
        if not name.endswith((f"-{change.id}", f"-{change.loosening_id}"))
    )
    return found + [f"acknowledged for another change: allows: {name}" for name in used_up]
