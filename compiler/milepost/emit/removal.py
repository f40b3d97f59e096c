"""Units to be removed: what they synced may be running, and nobody would manage it any more."""

from __future__ import annotations

import json
from pathlib import Path

from milepost.model.owned_files import UnreadableIndexError, read, units
from milepost.model.tree import INDEX, Tree

_PASSING = ("prepull/", "switch/")


def dropped_units(tree: Tree, output: Path) -> tuple[str, ...]:
    """Units of the tree that stands in ``output`` which ``tree`` no longer has; none where nothing readable stands.

    Pre-pulls are left out: they run nothing, and go when their release ends. So are units of what moves with a
    release: its objects stand in their station group's unit all the time.
    """
    new = units(json.loads(tree[INDEX])) if INDEX in tree else frozenset()
    gone = _units(output / tree.province / INDEX) - new
    # A removed unit is an agent object less. What it synced stays (Flux with `Orphan`) or goes;
    # either way somebody has to decide.
    return tuple(sorted(unit for unit in gone if not unit.startswith(_PASSING)))


def provinces_on_disk(output: Path) -> frozenset[str]:
    """Provinces that have a tree of Milepost's in ``output``; what a killed run left aside is none."""
    if not output.is_dir():
        return frozenset()
    return frozenset(
        entry.name
        for entry in output.iterdir()
        if not entry.name.startswith(".") and (entry / INDEX).is_file()
    )


def _units(index: Path) -> frozenset[str]:
    try:
        return frozenset().union(*map(units, read(index.read_bytes())))
    except (OSError, UnreadableIndexError):
        return frozenset()
