"""Requirement notes: what a change asks of clusters that they did not have to have before, versions first.

Read from ``requires`` of both indexes. The objects that an upgrade changes are lines of the summary like any others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from milepost.model.versions.kubernetes import END_OF_LIFE
from milepost.publish.review.read.file_location import TreeLayout

Requires = Mapping[str, str]


def requirement_notes(
    base: TreeLayout, head: TreeLayout, provinces: Iterable[str], now: datetime | None
) -> list[str]:
    """One note for what is the same in several provinces. ``now`` tells which versions get fixes no more."""
    found: dict[str, list[str]] = {}
    for province in provinces:
        before, after = _requires(base, province), _requires(head, province)
        if before is not None and after is not None and before != after:
            for note in _changes(before, after, now):
                found.setdefault(note, []).append(province)
    return [f"{', '.join(sorted(names))}: {note}" for note, names in found.items()]


def _requires(side: TreeLayout, province: str) -> Requires | None:
    """None where the province is new, or gone, or its index is none."""
    requires = side.index(province).get("requires")
    return {k: str(v) for k, v in requires.items()} if isinstance(requires, dict) else None


def _changes(before: Requires, after: Requires, now: datetime | None) -> Iterable[str]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old is None:
            yield f"the cluster must now have {name}: {new}"
        elif new is None:
            yield f"the cluster need no longer have {name}: {old}"
        elif old != new:
            yield f"made for {name} {new}, before for {old}"
    ended = END_OF_LIFE.get(after.get("kubernetes", ""))
    if before.get("kubernetes") != after.get("kubernetes") and ended and now and now.date() > ended:
        yield f"Kubernetes {after['kubernetes']} has got no fixes since {ended}"
