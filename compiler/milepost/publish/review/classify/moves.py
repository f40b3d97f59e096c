"""Moves and renames: what went in one place and came in another, found within one province.

An agent sees no moves: it sees one unit lose an object and another gain one, and prunes or adopts in whatever order it
gets to them. Only pairs without doubt are taken; everything else stays a removal and an addition.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace

from milepost.model.record import by_value
from milepost.publish.review.classify.edit import Edit, EditAction, EditScope
from milepost.publish.review.read.file_location import FileLocation
from milepost.publish.review.read.place_abstraction import abstract, legible
from milepost.publish.review.read.yaml_documents import ObjectIdentity, documents, identify

_OWN = "\ue020"
"""Stands for an object's own name in a text that is compared."""


@by_value
class Move:
    """A move or rename.

    ``action`` is MOVE where Kubernetes knows it for the same object (or station), RENAME where it does not.
    """

    action: EditAction
    before: Edit
    after: Edit

    @property
    def route(self) -> str:
        """From where to where, without names of places; empty within one unit, and of a group that is renamed."""
        one, other = self.before.place, self.after.place
        if self.before.subject.scope is EditScope.GROUP and self.action is EditAction.RENAME:
            return ""
        if one.unit == other.unit:
            return ""
        units = [legible(abstract(place.unit.partition("/")[2], place)) for place in (one, other)]
        return " to ".join(units) if units[0] != units[1] else "to another station group"


def moves(edits: Iterable[Edit]) -> list[Move]:
    """In order of what went. Each edit is in at most one move."""
    gone, come = _whole(edits, EditAction.REMOVE), _whole(edits, EditAction.ADD)
    found: list[Move] = []
    for province in sorted(gone.keys() & come.keys()):
        found += _of_province(gone[province], come[province])
    return found


def relabelled(edits: Iterable[Edit], found: Iterable[Move]) -> list[Edit]:
    """The same edits, those of a move saying so."""
    by_id: dict[int, Move] = {}
    for move in found:
        by_id[id(move.before)] = by_id[id(move.after)] = move
    return [_relabelled(edit, by_id.get(id(edit))) for edit in edits]


def _relabelled(edit: Edit, move: Move | None) -> Edit:
    if move is None:
        return edit
    return edit._replace(subject=edit.subject._replace(action=move.action, field=move.route))


def _whole(edits: Iterable[Edit], action: EditAction) -> dict[str, list[Edit]]:
    """Whole objects, stations and groups that came or went, by province."""
    found: dict[str, list[Edit]] = {}
    for edit in edits:
        subject = edit.subject
        if (
            subject.action is action
            and not subject.field
            and subject.scope not in (EditScope.FILE, EditScope.PROVINCE)
        ):
            found.setdefault(edit.place.province, []).append(edit)
    return found


def _of_province(gone: list[Edit], come: list[Edit]) -> Iterator[Move]:
    taken: set[int] = set()
    for before, after in _renamed_groups(gone, come):
        taken |= {id(before), id(after)}
        yield Move(EditAction.RENAME, before, after)
    # Pairs that one test takes are not offered to the next, so the surest explanation wins.
    for action, key in _TESTS:
        for before, after in _pairs(gone, come, key, taken):
            taken |= {id(before), id(after)}
            yield Move(action, before, after)


def _renamed_groups(gone: list[Edit], come: list[Edit]) -> Iterator[tuple[Edit, Edit]]:
    """Files of a group that went and of one that came with the very same stations."""
    groups = [_stations_by_group(side) for side in (gone, come)]
    for old, stations in groups[0].items():
        new = [name for name, others in groups[1].items() if others == stations]
        if stations and len(new) == 1:
            before, after = (
                {_in_group(edit.place): edit for edit in side if edit.place.group == name}
                for side, name in ((gone, old), (come, new[0]))
            )
            yield from ((before[path], after[path]) for path in before.keys() & after.keys())


def _in_group(place: FileLocation) -> str:
    """A path without the name of its group, and with that of its station."""
    return abstract(place.path, replace(place, station=""))


def _stations_by_group(edits: list[Edit]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for edit in edits:
        if edit.subject.scope is EditScope.GROUP:
            found.setdefault(edit.place.group, set()).update({edit.place.station} - {""})
    return {group: frozenset(stations) for group, stations in found.items()}


def _pairs(
    gone: list[Edit], come: list[Edit], key: Callable[[Edit], Hashable], taken: set[int]
) -> Iterator[tuple[Edit, Edit]]:
    """Pairs of edits that have the same key, where no other edit has it."""
    before, after = (_unique(side, key, taken) for side in (gone, come))
    for name, edit in before.items():
        other = after.get(name)
        if edit is not None and other is not None:
            yield edit, other


def _unique(
    edits: list[Edit], key: Callable[[Edit], Hashable], taken: set[int]
) -> dict[Hashable, Edit | None]:
    found: dict[Hashable, Edit | None] = {}
    for edit in edits:
        if id(edit) not in taken and (name := key(edit)) is not None:
            # None where two have the key: which of them moved would be a guess.
            found[name] = None if name in found else edit
    return found


def _same_object(edit: Edit) -> ObjectIdentity | None:
    identity = edit.subject.identity
    return identity if edit.subject.scope is EditScope.OBJECT and is_applied(identity) else None


def _same_station(edit: Edit) -> str | None:
    return edit.place.station or None


def _same_objects(edit: Edit) -> Hashable:
    """A file of the same objects under another path."""
    if edit.subject.scope is EditScope.OBJECT:
        return None
    return tuple(document.identity for document in documents(edit.place.path, edit.removed + edit.added))


def _same_content(edit: Edit) -> Hashable:
    """The same text but for the object's own name, or the station's."""
    identity, text = (
        edit.subject.identity,
        (edit.removed + edit.added).removeprefix("---\n").removesuffix("---\n"),
    )
    if edit.subject.scope is EditScope.OBJECT:
        known = is_applied(identity)
        return (edit.place.path, identity.kind, text.replace(identity.name, _OWN)) if known else None
    return (edit.place.unit, abstract(text, edit.place)) if edit.place.station else None


_TESTS: tuple[tuple[EditAction, Callable[[Edit], Hashable]], ...] = (
    (EditAction.MOVE, _same_object),
    (EditAction.MOVE, _same_objects),
    (EditAction.MOVE, _same_station),
    (EditAction.RENAME, _same_content),
)
"""From certain to likely."""


def removed_objects(edit: Edit) -> Iterator[ObjectIdentity]:
    """The objects that go with an edit."""
    if edit.subject.field or edit.subject.action is not EditAction.REMOVE:
        return
    for document in documents(edit.place.path, edit.removed):
        identity = identify(document.text)
        if is_applied(identity):
            yield identity


def is_applied(identity: ObjectIdentity) -> bool:
    """A cluster knows it: neither a list for kustomize, which has no name, nor a row of a join list."""
    return bool(identity.name) and identity.kind not in ("", "Node")
