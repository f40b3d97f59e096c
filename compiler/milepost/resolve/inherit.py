"""Inheritance: fleet, province, section, station, gantry, lane; the nearest level wins, key by key, and signs for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from milepost.model.fleet import Rights, Settings
from milepost.model.origin import DocumentOrigin, RowOrigin, Setting
from milepost.model.spec.base import Budgets


def from_document(above: Settings, own: Mapping[str, Any], level: str, at: DocumentOrigin) -> Settings:
    """``above`` overlaid with what a document's mapping at ``at`` sets; ``above`` itself where it sets nothing."""
    if not own:
        return above
    return {**above, **{key: Setting(value, level, at, key) for key, value in own.items()}}


def from_row(
    above: Settings, own: Mapping[str, Any], level: str, row: RowOrigin | None, prefix: str
) -> Settings:
    """As ``from_document``; the row's columns are named ``label:KEY`` and ``value:NAME``."""
    if not own:
        return above
    found = dict(above)
    for key, value in own.items():
        found[key] = Setting(value, level, row, f"{prefix}:{key}")
    return found


def budgets(above: Settings, own: Budgets, level: str, at: DocumentOrigin) -> Settings:
    """Budgets are inherited like values; an entry that is not given is inherited."""
    return from_document(above, own.model_dump(exclude_none=True), level, at)


def rights(above: Rights, owners: Sequence[str], approvers: Sequence[str], readers: Sequence[str]) -> Rights:
    """Rights of all levels, the fleet's first: a lower level adds to those above it and never removes any."""
    if not (owners or approvers or readers):
        return above
    return Rights(
        _merged(above.owners, owners), _merged(above.approvers, approvers), _merged(above.readers, readers)
    )


def _merged(above: tuple[str, ...], own: Sequence[str]) -> tuple[str, ...]:
    # A team that is named at two levels stands at the farther one; the order goes into rendered
    # files.
    return tuple(dict.fromkeys([*above, *own]))
