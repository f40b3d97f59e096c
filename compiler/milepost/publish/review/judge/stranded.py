"""Stranded objects: what leaves the tree in the change that takes the unit away which had it while a pre-pull was waited for.

That unit leaves what it applied in the cluster, so that the section's unit takes it over; and the section's unit removes
nothing that another one has applied. What both no longer have would go on running.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from milepost.publish.review.classify.edit import Edit, EditAction
from milepost.publish.review.classify.moves import removed_objects
from milepost.publish.review.read.file_location import SWITCH
from milepost.publish.review.read.yaml_documents import ObjectIdentity


def stranded(edits: Iterable[Edit]) -> Iterator[tuple[str, ObjectIdentity]]:
    """File and object, of each."""
    edits = list(edits)
    ended: dict[tuple[str, str], set[str]] = {}
    for edit in edits:
        if edit.place.role == SWITCH and edit.subject.action is EditAction.REMOVE and not edit.subject.field:
            here = (edit.place.province, edit.place.group)
            ended.setdefault(here, set()).add(edit.place.path.rpartition("/")[2].split(".")[1])
    for edit in edits if ended else ():
        for application in ended.get((edit.place.province, edit.place.group), ()):
            if f"app.kubernetes.io/part-of: {application}\n" in edit.removed:
                yield from ((edit.place.path, identity) for identity in removed_objects(edit))
