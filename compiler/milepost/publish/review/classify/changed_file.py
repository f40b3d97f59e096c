"""Changed files: the changed lines of a file on both sides, sorted by the object and field that they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from milepost.publish.review.classify.edit import Edit, EditAction, EditScope, EditSubject
from milepost.publish.review.read import yaml_fields
from milepost.publish.review.read.file_location import JOIN, RELEASE, TREE_INDEX, FileLocation
from milepost.publish.review.read.line_diff import DiffHunk, differing, split
from milepost.publish.review.read.patch import LineRun
from milepost.publish.review.read.yaml_documents import (
    NOBODY,
    ObjectIdentity,
    YamlDocument,
    aligned,
    documents,
    runs_alone,
)

Name = Callable[[Sequence[str], int, int], Iterator[tuple[str, int, int]]]
"""Cuts changed lines into subjects: name, first line, end."""


def edits_of(place: FileLocation, old: str, new: str) -> list[Edit]:
    """All edits of a file; one without lines where only its mode changed."""
    # A file whose bytes are the same and whose mode is not would otherwise be in no line of the
    # summary.
    return _edits(place, old, new) or [
        Edit(place, EditSubject(EditScope.FILE, EditAction.CHANGE, NOBODY, "mode"), ())
    ]


def _edits(place: FileLocation, old: str, new: str) -> list[Edit]:
    if place.role == TREE_INDEX:
        return _joined(place, EditScope.FILE, NOBODY, _runs(old, new, 1, 1, _anything))
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
    place: FileLocation,
    before: YamlDocument | None,
    after: YamlDocument | None,
    pairs: Sequence[tuple[YamlDocument | None, YamlDocument | None]],
) -> Edit:
    """A document that came or went, with its share of the separators."""
    side = 0 if after is None else 1
    standing = [pair[side] for pair in pairs if pair[side] is not None]
    # The separator before a document goes with it, except above the first that stays: its `---`
    # is the one after.
    kept = next((pair[side] for pair in pairs if pair[0] is not None and pair[1] is not None), None)
    document, last = before or after, standing[-1]
    assert document is not None and last is not None
    run = LineRun("-+"[side], *runs_alone(document, kept.start if kept else last.start, last))
    identity = document.identity
    scope = EditScope.OBJECT if identity.kind else EditScope.FILE
    action = EditAction.ADD if side else EditAction.REMOVE
    return Edit(place, EditSubject(scope, action, identity), (run,))


def _changed(place: FileLocation, before: YamlDocument, after: YamlDocument) -> list[Edit]:
    name = _release_pin if place.role == RELEASE else yaml_fields.subjects
    identity = after.identity
    scope = EditScope.OBJECT if identity.kind else EditScope.FILE
    was = before.identity if before.identity != identity else None
    return _joined(
        place, scope, identity, _runs(before.text, after.text, before.start, after.start, name), was
    )


def _runs(old: str, new: str, old_start: int, new_start: int, name: Name) -> Iterator[tuple[str, LineRun]]:
    old_lines, new_lines = split(old), split(new)
    for hunk in differing(old_lines, new_lines):
        field = ""
        for field, start, end in name(old_lines, hunk.start, hunk.end):
            yield field, LineRun("-", old_start + start, "".join(old_lines[start:end]))
        if _in_place(old_lines, new_lines, hunk):
            yield field, LineRun("+", new_start + hunk.new_start, new_lines[hunk.new_start])
            continue
        for field, start, end in name(new_lines, hunk.new_start, hunk.new_end):
            yield field, LineRun("+", new_start + start, "".join(new_lines[start:end]))


def _in_place(old: Sequence[str], new: Sequence[str], hunk: DiffHunk) -> bool:
    """One line became one line of the same key: the field is the same, and need not be looked for twice."""
    if hunk.end - hunk.start != 1 or hunk.new_end - hunk.new_start != 1:
        return False
    one, other = yaml_fields.read(old[hunk.start]), yaml_fields.read(new[hunk.new_start])
    return bool(one.key) and not one.dashes and one[:3] == other[:3]


def _joined(
    place: FileLocation,
    scope: EditScope,
    identity: ObjectIdentity,
    runs: Iterator[tuple[str, LineRun]],
    was: ObjectIdentity | None = None,
) -> list[Edit]:
    by_field: dict[str, list[LineRun]] = {}
    for field, run in runs:
        # By field and not by hunk: lines of one field may be apart, and neighbours may be of
        # two.
        by_field.setdefault(field, []).append(run)
    return [
        Edit(place, EditSubject(scope, _action(found), identity, field, was), tuple(found))
        for field, found in by_field.items()
    ]


def _action(runs: Sequence[LineRun]) -> EditAction:
    signs = {run.sign for run in runs}
    return EditAction.CHANGE if len(signs) == 2 else EditAction.ADD if "+" in signs else EditAction.REMOVE


def _rows(place: FileLocation, old: str, new: str) -> list[Edit]:
    """Rows of a join list by the node that they name."""
    edits = _joined(place, EditScope.OBJECT, NOBODY, _runs(old, new, 1, 1, _row))
    return [
        edit._replace(
            subject=edit.subject._replace(
                identity=ObjectIdentity("", "Node", "", edit.subject.field), field=""
            )
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
    """One change for each image: its version (in a comment) and its digest belong together."""
    for field, first, last in yaml_fields.subjects(lines, start, end):
        yield field.partition("]")[0] + "]" * ("]" in field), first, last
