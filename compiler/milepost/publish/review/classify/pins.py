"""Pins of workloads that keep data: which instances a change would start on another node."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from milepost.model import kinds
from milepost.publish.review.classify.edit import Edit, EditAction
from milepost.publish.review.read.yaml_documents import ObjectIdentity

_PINNED = {
    kinds.STATEFUL_SET.name: re.compile(r'spec\.template\.spec\.nodeSelector\["kubernetes\.io/hostname"\]'),
    # A volume of a node names it in the one term that compile writes.
    kinds.PERSISTENT_VOLUME.name: re.compile(r"spec\.nodeAffinity\."),
}
_VALUE = re.compile(r"^ *(?:- |kubernetes\.io/hostname: )[\"']?([^\s\"']+)", re.M)


class Repinned(NamedTuple):
    """An object that stays, with the node that held its data and the one that would; ``path`` is its file."""

    path: str
    identity: ObjectIdentity
    before: str
    after: str


def repinned(edits: Iterable[Edit]) -> list[Repinned]:
    """Workloads before their volumes. Objects that come or go are not among them: their data is nobody else's."""
    return sorted(_repinned(edits), key=lambda one: one.identity.kind != kinds.STATEFUL_SET.name)


def _repinned(edits: Iterable[Edit]) -> Iterator[Repinned]:
    for edit in edits:
        pinned = _PINNED.get(edit.subject.identity.kind)
        if (
            pinned is None
            or edit.subject.action is not EditAction.CHANGE
            or not pinned.match(edit.subject.field)
        ):
            continue
        before, after = _VALUE.search(edit.removed), _VALUE.search(edit.added)
        if before and after and before[1] != after[1]:
            yield Repinned(edit.place.path, edit.subject.identity, before[1], after[1])
