"""Change counts of each province: objects by what became of them, whom it reaches, and the worst of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from milepost.publish.review.classify.edit import Edit, EditAction
from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.classify.moves import is_applied
from milepost.publish.review.judge.blast_radius import BlastRadius
from milepost.publish.review.read.yaml_documents import ObjectIdentity, documents
from milepost.publish.review.show.summary_line import SummaryLine


@dataclass(slots=True)
class ChangeTally:
    """Change counts of one province."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    radius: BlastRadius = field(default_factory=BlastRadius)
    worst: Effect = Effect.FOLLOWS


def tallies(edits: Iterable[Edit], lines: Iterable[SummaryLine]) -> dict[str, ChangeTally]:
    """By province, in order of name."""
    found: dict[str, ChangeTally] = {}
    changed: set[tuple[str, ObjectIdentity]] = set()
    for edit in edits:
        tally = found.setdefault(edit.place.province, ChangeTally())
        subject = edit.subject
        whole = not subject.field or subject.action in (EditAction.MOVE, EditAction.RENAME)
        if not whole and is_applied(subject.identity) and (edit.place.path, subject.identity) not in changed:
            changed.add((edit.place.path, subject.identity))
            tally.changed += 1
        elif whole:
            tally.added += _objects(edit, "+")
            tally.removed += _objects(edit, "-")
    for line in lines:
        for province, radius in line.reach.items():
            tally = found[province]
            tally.radius.add(radius)
            tally.worst = max(tally.worst, line.effect, key=lambda effect: effect.severity)
    return dict(sorted(found.items()))


def _objects(edit: Edit, sign: str) -> int:
    text = edit.added if sign == "+" else edit.removed
    return (
        sum(1 for document in documents(edit.place.path, text) if is_applied(document.identity))
        if text
        else 0
    )
