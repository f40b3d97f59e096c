"""Two sides in, edits out: every changed line, in the words of the object that it belongs to.

Files are compared by identity first; only those that differ are read. Refuses to judge what a change does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from milepost.publish.review import patch
from milepost.publish.review.changed_file import edits_of
from milepost.publish.review.documents import NOBODY, documents
from milepost.publish.review.edit import Action, Edit, Scope, Subject
from milepost.publish.review.patch import ABSENT, Modes, Run
from milepost.publish.review.place import STATION, Layout, Place
from milepost.publish.review.side import Side


@dataclass(frozen=True, slots=True)
class Raw:
    """The raw difference in numbers; ``sha256`` is over the text that ``patch`` makes of all files, in order of path."""

    files: int = 0
    lines: int = 0
    sha256: str = ""


@dataclass(slots=True, eq=False)
class Comparison:
    """``modes`` holds files that came, went or changed their mode; all others are regular on both sides."""

    base: Side
    head: Side
    before: Layout
    after: Layout
    edits: list[Edit] = field(default_factory=list)
    modes: dict[str, Modes] = field(default_factory=dict)
    raw: Raw = field(default_factory=Raw)


def compare(base: Side, head: Side, provinces: Collection[str] = ()) -> Comparison:
    """All that differs; of the provinces named, where any are."""
    result = Comparison(base, head, Layout(base.entries), Layout(head.entries))
    digest, files, lines = hashlib.sha256(), 0, 0
    for path, old, new in _differing(base, head, provinces):
        modes = Modes(*(side.entries[path].mode if path in side.entries else ABSENT for side in (base, head)))
        if modes != Modes():
            result.modes[path] = modes
        place = (result.before if new is None else result.after).place(path)
        edits = _edits(result, place, old, new)
        runs = [run for edit in edits for run in edit.runs]
        text = patch.render(path, modes, runs)
        digest.update(text.encode("utf-8", "surrogateescape"))
        files, lines = files + 1, lines + sum(patch.count(run.text) for run in runs)
        result.edits += edits
    result.raw = Raw(files, lines, digest.hexdigest())
    return result


def _differing(
    base: Side, head: Side, provinces: Collection[str]
) -> Iterator[tuple[str, str | None, str | None]]:
    """Path, old and new text, in order of path; None where the file is not there."""
    changed = {path for path, _ in base.entries.items() ^ head.entries.items()}
    paths = sorted(path for path in changed if not provinces or path.split("/")[0] in provinces)
    old = base.read([path for path in paths if path in base.entries])
    new = head.read([path for path in paths if path in head.entries])
    for path in paths:
        before = next(old) if path in base.entries else None
        after = next(new) if path in head.entries else None
        yield path, _text(before), _text(after)


def _text(data: bytes | None) -> str | None:
    """Bytes that are not UTF-8 survive as lone surrogates, so that nothing is lost."""
    return None if data is None else data.decode("utf-8", "surrogateescape")


def _scope(place: Place, other: Layout) -> Scope:
    """How much came or went with a file: what the other side does not know of its place, or the file's objects."""
    if place.province not in other.provinces:
        return Scope.PROVINCE
    if place.group and place.group not in other.groups(place.province):
        return Scope.GROUP
    return Scope.STATION if place.role == STATION else Scope.FILE


def _edits(comparison: Comparison, place: Place, old: str | None, new: str | None) -> list[Edit]:
    if old is not None and new is not None:
        return edits_of(place, old, new)
    action, sign, text = (Action.ADD, "+", new or "") if old is None else (Action.REMOVE, "-", old or "")
    scope = _scope(place, comparison.before if old is None else comparison.after)
    if scope is Scope.FILE:
        return list(_of_objects(place, action, sign, text))
    return [Edit(place, Subject(scope, action, NOBODY), (Run(sign, 1, text),) if text else ())]


def _of_objects(place: Place, action: Action, sign: str, text: str) -> Iterator[Edit]:
    found = documents(place.path, text)
    for document in found:
        scope = Scope.OBJECT if document.identity.kind else Scope.FILE
        separator = "" if document is found[-1] else "---\n"
        run = Run(sign, document.start, document.text + separator)
        yield Edit(place, Subject(scope, action, document.identity), (run,) if run.text else ())
