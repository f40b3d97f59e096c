"""A review as one value: the lines of the summary in order of danger, what guards say, and the proof of coverage."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from milepost.model.tree import INDEX
from milepost.publish.review import certificate
from milepost.publish.review.classes import Class, classes
from milepost.publish.review.compare import Comparison, Raw, compare
from milepost.publish.review.documents import Identity
from milepost.publish.review.edit import Action, Edit
from milepost.publish.review.effects import effect_of
from milepost.publish.review.guards import Change, Finding, judge, notes
from milepost.publish.review.line import Line
from milepost.publish.review.moves import Move, moves, relabelled, removed_objects
from milepost.publish.review.patch import Modes
from milepost.publish.review.pins import images
from milepost.publish.review.radius import Radius, Reach
from milepost.publish.review.rules import Rules
from milepost.publish.review.side import Side
from milepost.publish.review.steps import Steps, steps
from milepost.publish.review.tally import Tally, tallies
from milepost.publish.review.titles import title


@dataclass(frozen=True, slots=True)
class Review:
    """``base`` and ``head`` are as a person names them. ``raw`` is what ``lines`` were shown to cover."""

    base: str
    head: str
    lines: tuple[Line, ...]
    provinces: Mapping[str, Tally]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    steps: tuple[Steps, ...]
    modes: Mapping[str, Modes]
    raw: Raw

    @property
    def tripped(self) -> bool:
        return any(finding.tripped for finding in self.findings)

    @property
    def radius(self) -> Radius:
        return Radius.together(line.radius for line in self.lines)


def review(base: Side, head: Side, rules: Rules, provinces: Collection[str] = ()) -> Review:
    """Compares two sides. Raises CoverageError for a bug, never for what the trees hold."""
    comparison = compare(base, head, provinces)
    moved = moves(comparison.edits)
    edits = relabelled(comparison.edits, moved)
    found = classes(edits)
    certificate.check(found, comparison.modes, comparison.raw)
    reach = Reach(comparison)
    lines = sorted((_line(each, comparison, reach) for each in found), key=lambda line: line.danger)
    by_province = tallies(edits, lines)
    change = Change(comparison.raw.sha256[:8], frozenset(by_province), tuple(_removed(edits, moved)))
    plans = steps(((line.found, line.effect) for line in lines), _engines(head, by_province))
    return Review(
        base.label,
        head.label,
        tuple(lines),
        by_province,
        tuple(judge(change, rules)),
        tuple(() if provinces else notes(change, rules, base.entries)),
        tuple(plans),
        comparison.modes,
        comparison.raw,
    )


def _line(found: Class, comparison: Comparison, reach: Reach) -> Line:
    effect = effect_of(found)
    details = images(found, comparison.base, comparison.head)
    return Line(title(found), details, effect, reach.of(found, effect), found)


def _removed(edits: Iterable[Edit], moved: Iterable[Move]) -> Iterable[tuple[str, Identity]]:
    """Objects that an agent would prune; those that move within their unit stay."""
    for edit in edits:
        for identity in removed_objects(edit):
            yield edit.place.path, identity
    for move in moved:
        if move.action is Action.RENAME or move.route:
            for identity in removed_objects(move.before):
                yield move.before.place.path, identity


def _engines(head: Side, provinces: Iterable[str]) -> dict[str, str]:
    """Which agent syncs each province, as its index says."""
    found = {}
    for province in provinces:
        path = f"{province}/{INDEX}"
        if path in head.entries:
            text = next(iter(head.read([path])))
            found[province] = "argocd" if b'"argocd":' in text else "flux"
    return found
