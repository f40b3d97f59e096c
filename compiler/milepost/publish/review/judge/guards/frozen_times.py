"""Guard of frozen times, and of acknowledged secrets whose last day is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from milepost.diagnostics import Code, Diagnostic
from milepost.model.spec.guard_settings import Freeze
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards.base import GuardedChange, GuardFinding, finding

ORDER = 50
MP7003 = Code(
    "MP7003",
    "change during a freeze",
    "The change touches provinces in a time that `guards.frozen` keeps free of changes. Wait, or acknowledge this very "
    "change. The moment is that of `--now`, or of the commit that is compared.",
    "guards:\n  frozen:\n    - {name: spring-festival, from: 2027-02-05, until: 2027-02-12}\n",
)
MP7005 = Code(
    "MP7005",
    "known secret past its last day",
    "A Policy acknowledges something with the form of a secret until a day, and that day is over. Take the secret out of "
    "what is rendered, or have its owner set another day. The moment is that of `--now`, or of the commit that is compared.",
    "kind: Policy\nspec:\n  knownSecrets:\n    - {fingerprint: 0123456789abcdef, owner: tolling, reason: old camera, until: 2026-01-31}\n",
)


def judge(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    yield from _frozen(change, rules)
    yield from _known_secrets(change, rules)


def _frozen(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    for i, freeze in enumerate(rules.guards.frozen):
        touched = sorted(change.provinces & set(freeze.provinces or change.provinces))
        if rules.now is None or not touched or not _within(freeze, rules.now):
            continue
        shown = ", ".join(touched[:3]) + (f" and {len(touched) - 3} more" if len(touched) > 3 else "")
        message = f"{shown} would change in the frozen time {freeze.name} (until {freeze.end})"
        entries = [f"allows: {freeze.name}-{change.id}"]
        yield finding(MP7003, message, change, rules, entries, ("frozen", i))


def _known_secrets(change: GuardedChange, rules: GuardRules) -> Iterator[GuardFinding]:
    for known, at in rules.known_secrets:
        if rules.now is None or not change.provinces or _not_after(known.until, rules.now, before=False):
            continue
        message = f"the known secret {known.fingerprint} of {known.owner} may stand until {known.until} only"
        name = f"known-secret-{known.fingerprint}-{change.id}"
        hint = f"take it out, or acknowledge the change with allows: {name}"
        reason = rules.allows.get(name)
        yield GuardFinding(Diagnostic(MP7005, message, at.span, hint), (f"allows: {name}",), reason)


def _within(freeze: Freeze, now: datetime) -> bool:
    return _not_after(freeze.start, now, before=True) and _not_after(freeze.end, now, before=False)


def _not_after(moment: str, now: datetime, *, before: bool) -> bool:
    """Whether a bound holds; a bound without a time is a day of ``now``'s own clock, and included."""
    # Compared as text: ISO 8601 days sort as they follow each other.
    if "T" not in moment:
        today = now.date().isoformat()
        return moment <= today if before else today <= moment
    bound = datetime.fromisoformat(moment)
    return bound <= now if before else now <= bound
