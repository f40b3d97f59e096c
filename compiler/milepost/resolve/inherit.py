"""Fleet -> province -> section -> station -> gantry -> lane: the nearest level wins, key by key, and signs for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from milepost.model.fleet import Settings
from milepost.model.origin import At, Row, Setting
from milepost.model.spec.base import Budgets


def from_document(above: Settings, own: Mapping[str, Any], level: str, at: At) -> Settings:
    """``above`` overlaid with what a document's mapping at ``at`` sets; ``above`` itself where it sets nothing."""
    if not own:
        return above
    return {**above, **{key: Setting(value, level, at, key) for key, value in own.items()}}


def from_row(above: Settings, own: Mapping[str, Any], level: str, row: Row | None, prefix: str) -> Settings:
    """As ``from_document``; the row's columns are named ``label:KEY`` and ``value:NAME``."""
    if not own:
        return above
    found = dict(above)
    for key, value in own.items():
        found[key] = Setting(value, level, row, f"{prefix}:{key}")
    return found


def budgets(above: Settings, own: Budgets, level: str, at: At) -> Settings:
    """Budgets are inherited like values; an entry that is not given is inherited."""
    return from_document(above, own.model_dump(exclude_none=True), level, at)


def owners(above: tuple[str, ...], own: Sequence[str]) -> tuple[str, ...]:
    """A list of owners replaces the farther one: owning is not shared by accident."""
    return tuple(own) or above
