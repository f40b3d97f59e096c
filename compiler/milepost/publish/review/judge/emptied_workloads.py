"""Emptied workloads: those that stay, and select no node any more. Their pods stop as if they had been removed.

Counted by pods and not by objects: an object that stays is no removal, whatever becomes of what it runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from milepost.publish.review.classify.compare import Comparison
from milepost.publish.review.classify.edit import Edit, EditAction
from milepost.publish.review.read.file_location import FileLocation
from milepost.publish.review.read.join_lists import WORKLOADS
from milepost.publish.review.read.tree_side import TreeSide
from milepost.publish.review.read.yaml_documents import ObjectIdentity

_SELECTS = "spec.template"


class Emptied(NamedTuple):
    """A workload of the file ``path`` that ran on ``nodes`` nodes, and would run on none."""

    path: str
    identity: ObjectIdentity
    nodes: int


def emptied(comparison: Comparison) -> Iterator[Emptied]:
    """In the order of the edits."""
    for place, identity in _selectors_changed(comparison.edits):
        ran = _nodes(comparison.before, place, identity)
        if ran and not _nodes(comparison.after, place, identity):
            yield Emptied(place.path, identity, ran)


def _selectors_changed(edits: Iterable[Edit]) -> list[tuple[FileLocation, ObjectIdentity]]:
    """Workloads whose placement changed, each once."""
    changed = (
        edit
        for edit in edits
        if edit.subject.identity.kind in WORKLOADS
        and edit.place.group
        and edit.subject.field.startswith(_SELECTS)
        and edit.subject.action in (EditAction.ADD, EditAction.REMOVE, EditAction.CHANGE)
    )
    return list({(e.place.path, e.subject.identity): (e.place, e.subject.identity) for e in changed}.values())


def _nodes(side: TreeSide, place: FileLocation, identity: ObjectIdentity) -> int:
    """How many nodes of the group, or of the station whose file it is; none where the object is not there."""
    found = side.workload(place, identity)
    return 0 if found is None else sum(map(len, side.fitting(found, place).values()))
