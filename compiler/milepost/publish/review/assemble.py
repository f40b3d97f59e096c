"""A review as one value: the lines of the summary in order of danger, what guards say, and the proof of coverage."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from milepost.model.tree import INDEX
from milepost.publish.review import certificate
from milepost.publish.review.classes import Class, classes
from milepost.publish.review.compare import Comparison, Raw, compare
from milepost.publish.review.documents import Identity, documents
from milepost.publish.review.edit import Action, Edit
from milepost.publish.review.effects import Effect, effect_of
from milepost.publish.review.guards import Change, Finding, Rules, judge, unjudged
from milepost.publish.review.moves import Move, is_applied, moves, relabelled, removed_objects
from milepost.publish.review.patch import Modes
from milepost.publish.review.pins import images
from milepost.publish.review.radius import Radius, Reach
from milepost.publish.review.side import Side
from milepost.publish.review.steps import Steps, steps
from milepost.publish.review.titles import title
from milepost.publish.review.words import Words, plain


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary."""

    words: Words
    details: Words
    effect: Effect
    radius: Radius
    found: Class

    @property
    def danger(self) -> tuple[int, int, int, int, str]:
        """Sort key, the most dangerous first."""
        reach = self.radius
        return (
            -self.effect.severity,
            -len(reach.stations),
            -len(reach.nodes),
            -self.found.places,
            plain(self.words),
        )


@dataclass(slots=True)
class Tally:
    """What a change does to one province."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    radius: Radius = field(default_factory=Radius)
    worst: Effect = Effect.FOLLOWS


@dataclass(frozen=True, slots=True)
class Review:
    """``base`` and ``head`` are as a person names them. ``raw`` is what ``lines`` were shown to cover."""

    base: str
    head: str
    lines: tuple[Line, ...]
    provinces: Mapping[str, Tally]
    findings: tuple[Finding, ...]
    unjudged: tuple[str, ...]
    steps: tuple[Steps, ...]
    modes: Mapping[str, Modes]
    raw: Raw

    @property
    def tripped(self) -> bool:
        return any(finding.tripped for finding in self.findings)

    @property
    def radius(self) -> Radius:
        total = Radius()
        for line in self.lines:
            total.add(line.radius)
        return total


def review(base: Side, head: Side, rules: Rules, provinces: Collection[str] = ()) -> Review:
    """Compares two sides. Raises CoverageError for a bug, never for what the trees hold."""
    comparison = compare(base, head, provinces)
    moved = moves(comparison.edits)
    edits = relabelled(comparison.edits, moved)
    found = classes(edits)
    certificate.check(found, comparison.modes, comparison.raw)
    reach = Reach(comparison)
    lines = sorted((_line(each, comparison, reach) for each in found), key=lambda line: line.danger)
    tallies = _tallies(edits, lines, comparison)
    change = Change(comparison.raw.sha256[:8], frozenset(tallies), tuple(_removed(edits, moved)))
    plans = steps(((line.found, line.effect) for line in lines), _engines(head, tallies))
    return Review(
        base.label,
        head.label,
        tuple(lines),
        tallies,
        tuple(judge(change, rules)),
        unjudged(rules),
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


def _tallies(edits: Iterable[Edit], lines: Iterable[Line], comparison: Comparison) -> dict[str, Tally]:
    """By province, in order of name."""
    found: dict[str, Tally] = {}
    changed: set[tuple[str, Identity]] = set()
    for edit in edits:
        tally = found.setdefault(edit.place.province, Tally())
        subject = edit.subject
        whole = not subject.field or subject.action in (Action.MOVE, Action.RENAME)
        if not whole and is_applied(subject.identity) and (edit.place.path, subject.identity) not in changed:
            changed.add((edit.place.path, subject.identity))
            tally.changed += 1
        elif whole:
            tally.added += _objects(edit, "+")
            tally.removed += _objects(edit, "-")
    for line in lines:
        _share(line, found)
    return dict(sorted(found.items()))


def _objects(edit: Edit, sign: str) -> int:
    text = edit.added if sign == "+" else edit.removed
    return (
        sum(1 for document in documents(edit.place.path, text) if is_applied(document.identity))
        if text
        else 0
    )


def _share(line: Line, tallies: Mapping[str, Tally]) -> None:
    """Every province's part of a line's reach."""
    radius = line.radius
    for unit in radius.units:
        tallies[unit.partition("/")[0]].radius.units.add(unit)
    for province, station in radius.stations:
        tallies[province].radius.stations.add((province, station))
    for province, node in radius.nodes:
        tallies[province].radius.nodes.add((province, node))
    for province in radius.provinces:
        tally = tallies[province]
        tally.worst = max(tally.worst, line.effect, key=lambda effect: effect.severity)


def _engines(head: Side, provinces: Iterable[str]) -> dict[str, str]:
    """Which agent syncs each province, as its index says."""
    found = {}
    for province in provinces:
        path = f"{province}/{INDEX}"
        if path in head.entries:
            text = next(iter(head.read([path])))
            found[province] = "argocd" if b'"argocd":' in text else "flux"
    return found
