"""A file that stands on both sides: its changed lines, sorted by the object and the field that they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from milepost.publish.review import fields
from milepost.publish.review.documents import NOBODY, Document, Identity, aligned, documents, runs_alone
from milepost.publish.review.edit import Action, Edit, Scope, Subject
from milepost.publish.review.lines import Hunk, differing, split
from milepost.publish.review.patch import Run
from milepost.publish.review.place import JOIN, RELEASE, TREE_INDEX, Place

Name = Callable[[Sequence[str], int, int], Iterator[tuple[str, int, int]]]
"""Cuts changed lines into subjects: name, first line, end."""


def edits_of(place: Place, old: str, new: str) -> list[Edit]:
    """All edits of a file; one without lines where only its mode changed."""
    return _edits(place, old, new) or [Edit(place, Subject(Scope.FILE, Action.CHANGE, NOBODY, "mode"), ())]


def _edits(place: Place, old: str, new: str) -> list[Edit]:
    if place.role == TREE_INDEX:
        return _joined(place, Scope.FILE, NOBODY, _runs(old, new, 1, 1, _anything))
    if place.role == JOIN:
        return _rows(place, old, new)
    pairs = list(aligned(documents(place.path, old), documents(place.path, new)))
    edits: list[Edit] = []
    for before, after in pairs:
        if before is None or after is None:
            edits.append(_alone(place, before, after, pairs))
        elif before.text != after.text:
            edits += _changed(place, before, after)
    return edits


def _alone(
    place: Place,
    before: Document | None,
    after: Document | None,
    pairs: Sequence[tuple[Document | None, Document | None]],
) -> Edit:
    """A document that came or went, with its share of the separators."""
    side = 0 if after is None else 1
    standing = [pair[side] for pair in pairs if pair[side] is not None]
    kept = next((pair[side] for pair in pairs if pair[0] is not None and pair[1] is not None), None)
    document, last = before or after, standing[-1]
    assert document is not None and last is not None
    run = Run("-+"[side], *runs_alone(document, kept.start if kept else last.start, last))
    identity = document.identity
    scope = Scope.OBJECT if identity.kind else Scope.FILE
    action = Action.ADD if side else Action.REMOVE
    return Edit(place, Subject(scope, action, identity), (run,))


def _changed(place: Place, before: Document, after: Document) -> list[Edit]:
    name = _release_pin if place.role == RELEASE else fields.subjects
    identity = after.identity
    scope = Scope.OBJECT if identity.kind else Scope.FILE
    return _joined(place, scope, identity, _runs(before.text, after.text, before.start, after.start, name))


def _runs(old: str, new: str, old_start: int, new_start: int, name: Name) -> Iterator[tuple[str, Run]]:
    old_lines, new_lines = split(old), split(new)
    for hunk in differing(old_lines, new_lines):
        field = ""
        for field, start, end in name(old_lines, hunk.start, hunk.end):
            yield field, Run("-", old_start + start, "".join(old_lines[start:end]))
        if _in_place(old_lines, new_lines, hunk):
            yield field, Run("+", new_start + hunk.new_start, new_lines[hunk.new_start])
            continue
        for field, start, end in name(new_lines, hunk.new_start, hunk.new_end):
            yield field, Run("+", new_start + start, "".join(new_lines[start:end]))


def _in_place(old: Sequence[str], new: Sequence[str], hunk: Hunk) -> bool:
    """One line became one line of the same key: the field is the same, and need not be looked for twice."""
    if hunk.end - hunk.start != 1 or hunk.new_end - hunk.new_start != 1:
        return False
    one, other = fields.read(old[hunk.start]), fields.read(new[hunk.new_start])
    return bool(one.key) and not one.dashes and one[:3] == other[:3]


def _joined(place: Place, scope: Scope, identity: Identity, runs: Iterator[tuple[str, Run]]) -> list[Edit]:
    by_field: dict[str, list[Run]] = {}
    for field, run in runs:
        by_field.setdefault(field, []).append(run)
    return [
        Edit(place, Subject(scope, _action(found), identity, field), tuple(found))
        for field, found in by_field.items()
    ]


def _action(runs: Sequence[Run]) -> Action:
    signs = {run.sign for run in runs}
    return Action.CHANGE if len(signs) == 2 else Action.ADD if "+" in signs else Action.REMOVE


def _rows(place: Place, old: str, new: str) -> list[Edit]:
    """Rows of a join list by the node that they name."""
    edits = _joined(place, Scope.OBJECT, NOBODY, _runs(old, new, 1, 1, _row))
    return [
        edit._replace(
            subject=edit.subject._replace(identity=Identity("", "Node", "", edit.subject.field), field="")
        )
        for edit in edits
    ]


def _row(lines: Sequence[str], start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for i in range(start, end):
        yield lines[i].partition("\t")[0].strip(), i, i + 1


def _anything(lines: Sequence[str], start: int, end: int) -> Iterator[tuple[str, int, int]]:
    if start < end:
        yield "", start, end


def _release_pin(lines: Sequence[str], start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Everything about one image together: its version (a comment) and its digest."""
    for field, first, last in fields.subjects(lines, start, end):
        yield field.partition("]")[0] + "]" * ("]" in field), first, last
