"""Frozen values: what templates of a definition read at each station and would read otherwise from now on.

Values are compared as stations have them, whichever level sets them, and written down for the widest place of which every
station agrees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from milepost.model.fleet import Application, Fleet, Station, plain
from milepost.model.origin import Scalar
from milepost.plan.placement.pods import texts

Frozen = dict[str, dict[str, dict[str, Scalar]]]
"""``provinces``, ``groups`` or ``stations``, then the place, then the value's name."""


class UnsetValueError(Exception):
    """A value was not set before, so nothing can be written down; the message says which."""


def frozen_values(definition: Application, fleets: Iterable[tuple[Fleet, Fleet]]) -> Frozen:
    """``fleets`` are a province before and after each. Raises UnsetValueError."""
    named = _named(definition)
    found: Frozen = {"provinces": {}, "groups": {}, "stations": {}}
    for before, after in fleets:
        changed = dict(_changes(before, after, named))
        for key in sorted({key for values in changed.values() for key in values}):
            _widest(found, after, key, {name: v[key] for name, v in changed.items() if key in v})
    return {level: places for level, places in found.items() if places}


def _named(definition: Application) -> frozenset[str]:
    """Every word of the templates: values are named by words, also as ``values["name"]``."""
    found = (text for text in texts(definition.components) if "values" in text)
    return frozenset(word for text in found for word in re.findall(r"\w+", text))


def _changes(
    before: Fleet, after: Fleet, named: frozenset[str]
) -> Iterable[tuple[str, Mapping[str, Scalar]]]:
    """The old values of stations that are on both sides, of those that differ."""
    new = {station.name: station for group in after.province.groups for station in group.stations}
    for group in before.province.groups:
        for old in group.stations:
            if old.name in new and (values := _differing(old, new[old.name], named)):
                yield old.name, values


def _differing(old: Station, new: Station, named: frozenset[str]) -> dict[str, Any]:
    here, there = plain(old.values), plain(new.values)
    for key in sorted((there.keys() - here.keys()) & named):
        raise UnsetValueError(
            f'value "{key}" of station {old.name} was not set before, and templates of the old definition may name it; '
            "set it in a change of its own, before the templates read it"
        )
    both = sorted(here.keys() & named)
    return {key: here[key] for key in both if key not in there or _unlike(here[key], there[key])}


def _unlike(one: Scalar, other: Scalar) -> bool:
    return type(one) is not type(other) or one != other


def _widest(found: Frozen, fleet: Fleet, key: str, old: Mapping[str, Scalar]) -> None:
    groups = [group for group in fleet.province.groups if group.stations]
    of_group = {group.name: _common([s.name for s in group.stations], old) for group in groups}
    whole = _common([s.name for group in groups for s in group.stations], old)
    if whole is not None:
        found["provinces"].setdefault(fleet.province.name, {})[key] = whole
        return
    for group in groups:
        value = of_group[group.name]
        if value is not None:
            found["groups"].setdefault(group.name, {})[key] = value
            continue
        for station in group.stations:
            if station.name in old:
                found["stations"].setdefault(station.name, {})[key] = old[station.name]


def _common(stations: Iterable[str], old: Mapping[str, Scalar]) -> Scalar | None:
    """The old value of all of them; None where they differ, or one of them has no old value."""
    values = [old.get(name) for name in stations]
    first = values[0] if values else None
    return first if first is not None and not any(v is None or _unlike(first, v) for v in values) else None
