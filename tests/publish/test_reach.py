"""Reach: the nodes and stations that a review counts are those whose objects differ, found by asking every node."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from compiling import Compilation, compile_spec, write_files
from field_changes import changes, edited, read
from fleets import EXAMPLE, compiled
from milepost.publish.review import GuardRules, review
from publish.forest import Planted
from publish.node_objects import Key, node_objects, stations_of


def sides(fleet: Compilation, label: str) -> Planted:
    return Planted({path: data.decode() for path, data in fleet.files.items()}, label)


def reached_by_brute_force(before: Compilation, after: Compilation) -> set[Key]:
    old, new = node_objects(before), node_objects(after)
    return {node for node in old.keys() | new.keys() if old.get(node) != new.get(node)}


def check(before: Compilation, after: Compilation) -> None:
    found = review(sides(before, "base"), sides(after, "head"), GuardRules())
    nodes = reached_by_brute_force(before, after)
    assert found.radius.nodes == nodes
    places = stations_of(before) | stations_of(after)
    moved = {(p, stations_of(before)[p, n]) for p, n in nodes if (p, n) in stations_of(before)}
    assert found.radius.stations == {(p, places[p, n]) for p, n in nodes} | moved


CHANGES = changes()
LOOKED_AT = (
    "StationRow.code",
    "NodeRow.roles",
)
"""Of all changes those that the quick suite tries."""


def fleets_of(field: str, folder: Path) -> tuple[Compilation, Compilation]:
    """The example before and after a change of one field."""
    example, change = read(EXAMPLE), CHANGES[field]
    given = edited(example, change.given)
    before = compile_spec(write_files(folder / "before", given.files())) if change.given else _example()
    return before, compile_spec(write_files(folder / "after", edited(given, change.edits).files()))


@cache
def _example() -> Compilation:
    return compiled("example")


@pytest.mark.parametrize("field", sorted(CHANGES))
@pytest.mark.slow
def test_a_change_of_any_field_reaches_those_whose_objects_differ(field: str, tmp_path: Path) -> None:
    """Every field of the spec that the law of fields changes, on the example."""
    before, after = fleets_of(field, tmp_path)
    if before.trees.keys() == after.trees.keys():
        check(before, after)
