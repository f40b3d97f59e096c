"""Loosening: what guards and policies of a change let pass, and those of the base do not.

A field is looser in one direction only where this says which; of a field that is not named here every change is one, so a
new guard or policy is never loosened unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from milepost.model.quantity import quantity
from milepost.model.spec.guard_settings import Guards, Removals, Restarts
from milepost.model.spec.policy import ClusterLimitsEntry, PolicySpec
from milepost.publish.review.judge.guard_rules import GuardRules

Looser = Callable[[Any, Any], bool]


def _raised(old: int | None, new: int | None) -> bool:
    """A limit; None is none."""
    return old is not None and (new is None or new > old)


def _raised_beyond(old: int | str | None, new: int | str | None) -> bool:
    """A limit, perhaps an amount such as ``8Gi``, where None is a number of the compiler's, which may be any."""
    return old is None or new is None or quantity(str(new)).count() > quantity(str(old)).count()


def _lost(old: Iterable[Any], new: Iterable[Any]) -> bool:
    """What must be looked at: each entry counts, in whatever order."""
    return not set(old) <= set(new)


def _gained(old: Iterable[Any] | None, new: Iterable[Any] | None) -> bool:
    """What may be: each entry counts; None is anything."""
    return old is not None and (new is None or not set(new) <= set(old))


def _dropped(old: bool, new: bool) -> bool:
    return old and not new


_DIRECTIONS: Mapping[type[BaseModel], Mapping[str, Looser]] = {
    Removals: {"workloads": _raised, "objects": _raised},
    Restarts: {"stations": _raised, "groups": _raised},
    Guards: {"protect": _lost, "watch": _lost, "provinces_per_change": _raised},
    PolicySpec: {
        "registries": _gained,
        "require_requests": _dropped,
        "require_readiness": _dropped,
        "require_owners": _dropped,
        "objects_per_unit": _raised,
    },
    ClusterLimitsEntry: dict.fromkeys(ClusterLimitsEntry.model_fields, _raised_beyond),
}


def loosened(rules: GuardRules) -> list[str]:
    """One sentence for each guard and policy that is looser than by ``rules.base``; none where there is no base."""
    if rules.base is None:
        return []
    found = [f"guards.{text}" for text in _model(rules.base.guards, rules.guards)]
    for name, old in sorted(rules.base.policies.items()):
        new = rules.policies.get(name)
        found += (
            [f"Policy {name} goes"]
            if new is None
            else [f"Policy {name}: {text}" for text in _model(old, new)]
        )
    for name in sorted(rules.policies.keys() - rules.base.policies.keys()):
        # A new policy forbids; only what it lets stand is more than before.
        if rules.policies[name].known_secrets:
            found.append(f"Policy {name}: knownSecrets has new entries")
    gone = [owner for owner in rules.base.owners if owner not in rules.owners]
    return found + [f"{owner} no longer owns the fleet" for owner in gone]


def _model(old: BaseModel, new: BaseModel) -> Iterator[str]:
    directions = _DIRECTIONS.get(type(old), {})
    for name, info in type(old).model_fields.items():
        before, after = getattr(old, name), getattr(new, name)
        key = info.alias or name
        if before == after:
            continue
        if isinstance(before, BaseModel) and isinstance(after, BaseModel):
            yield from (f"{key}.{text}" for text in _model(before, after))
        elif name == "frozen":
            if any(entry not in after for entry in before):
                yield f"{key} loses or changes {', '.join(e.name for e in before if e not in after)}"
        elif name == "known_secrets":
            if any(entry not in before for entry in after):
                yield f"{key} has new or changed entries"
        elif directions.get(name, lambda one, other: True)(before, after):
            yield f"{key} {_shown(before)} → {_shown(after)}"


def _shown(value: Any) -> str:
    if value is None:
        return "unset"
    return (
        str(value).lower()
        if isinstance(value, bool)
        else ", ".join(map(str, value)) or "none"
        if isinstance(value, list)
        else str(value)
    )
