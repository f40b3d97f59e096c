"""Review assembly: the summary lines in order of danger, what guards say, and the proof of coverage, as one value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from milepost.model.delivery import names
from milepost.model.record import by_value
from milepost.model.tree import INDEX
from milepost.publish.review.classify.change_classes import ChangeClass, classes
from milepost.publish.review.classify.compare import Comparison, RawDifference, compare
from milepost.publish.review.classify.edit import Edit, EditAction
from milepost.publish.review.classify.effects import effect_of, field_changes
from milepost.publish.review.classify.moves import Move, moves, relabelled, removed_objects
from milepost.publish.review.classify.pins import repinned
from milepost.publish.review.judge import coverage_proof
from milepost.publish.review.judge.blast_radius import BlastRadius, BlastRadiusCounter
from milepost.publish.review.judge.change_tally import ChangeTally, tallies
from milepost.publish.review.judge.emptied_workloads import emptied
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.guards import GuardedChange, GuardFinding, judge, notes
from milepost.publish.review.judge.loosening import loosened
from milepost.publish.review.judge.requirement_notes import requirement_notes
from milepost.publish.review.judge.spec_difference import SpecDifference
from milepost.publish.review.judge.stranded import stranded
from milepost.publish.review.judge.tree_versions import compilers, released
from milepost.publish.review.judge.unsafe_orders import Judge, transition_findings
from milepost.publish.review.judge.waiting_pods import stopping_pods, waiting_pods
from milepost.publish.review.read.patch import FileModes
from milepost.publish.review.read.tree_source import TreeSource
from milepost.publish.review.read.yaml_documents import ObjectIdentity
from milepost.publish.review.show.release_images import images
from milepost.publish.review.show.secure_fields import spelled_out
from milepost.publish.review.show.summary_line import SummaryLine
from milepost.publish.review.show.titles import title
from milepost.publish.review.show.two_step_plan import TwoStepPlan, steps
from milepost.publish.review.show.words import counted


@by_value
class Review:
    """A review. ``base`` and ``head`` are as a person names them. ``raw`` is what ``lines`` were shown to cover."""

    base: str
    head: str
    lines: tuple[SummaryLine, ...]
    provinces: Mapping[str, ChangeTally]
    findings: tuple[GuardFinding, ...]
    notes: tuple[str, ...]
    steps: tuple[TwoStepPlan, ...]
    modes: Mapping[str, FileModes]
    raw: RawDifference
    spec: tuple[str, ...] = ()
    """What changed in the spec and changes no tree, a sentence each."""

    @property
    def tripped(self) -> bool:
        return any(finding.tripped for finding in self.findings)

    @property
    def radius(self) -> BlastRadius:
        return BlastRadius.together(line.radius for line in self.lines)


def review(
    base: TreeSource,
    head: TreeSource,
    rules: GuardRules,
    provinces: Collection[str] = (),
    spec: SpecDifference | None = None,
    said: Collection[str] = (),
    transitions: Judge | None = None,
) -> Review:
    """Compares two sides; ``spec`` is what changed in the fleet spec, where that is known, ``said`` notes about it,
    ``transitions`` judges the way between the two. Raises CoverageError for a bug, never for what the trees hold."""
    comparison = compare(base, head, provinces)
    moved = moves(comparison.edits)
    edits = relabelled(comparison.edits, moved)
    found = classes(edits)
    # Before anything is shown: a summary that leaves a line out is worse than none, so a fault
    # ends the review.
    coverage_proof.check(found, comparison.modes, comparison.raw)
    reach = BlastRadiusCounter(comparison)
    lines = sorted((_line(each, comparison, reach) for each in found), key=lambda line: line.danger)
    by_province = tallies(edits, lines)
    way = transition_findings(edits, transitions)
    change = GuardedChange(
        comparison.raw.sha256[:8],
        frozenset(by_province),
        tuple(_removed(edits, moved)),
        tuple(repinned(edits)),
        tuple(emptied(comparison)),
        tuple(stranded(edits)),
        way.waiting,
        tuple(lines),
        stopping_pods(comparison),
        released(comparison.after.layout, by_province),
        compilers(comparison, by_province),
        (*loosened(rules), *(spec.owners_lost() if spec is not None and rules.base is not None else ())),
    )
    asked = requirement_notes(comparison.before.layout, comparison.after.layout, by_province, rules.now)
    plans = steps(((line.found, line.effect) for line in lines), _engines(head, by_province))
    return Review(
        base.label,
        head.label,
        tuple(lines),
        by_province,
        tuple(judge(change, rules)),
        (
            *said,
            *_waiting(comparison),
            *([way.note] if way.note else []),
            *asked,
            *(() if provinces else notes(change, rules, base.entries)),
        ),
        tuple(plans),
        comparison.modes,
        comparison.raw,
        tuple(spec.lines(bool(lines))) if spec is not None else (),
    )


def _line(found: ChangeClass, comparison: Comparison, reach: BlastRadiusCounter) -> SummaryLine:
    changes = tuple(field_changes(found))
    details = (*images(found, comparison.base, comparison.head), *spelled_out(found, changes))
    return SummaryLine(title(found), details, effect_of(found), reach.of(found), found, changes)


def _waiting(comparison: Comparison) -> Iterator[str]:
    """What the numbers of nodes in the summary leave out: they are by the labels of the head side."""
    found = waiting_pods(comparison)
    if found.pods:
        yield (
            f"{counted(found.pods, 'pod')} on {counted(found.nodes, 'node')} will not run until labels are set on nodes that "
            f"have joined: `milepost inventory relabel {comparison.base.label}` gives the commands, and the order"
        )


def _removed(edits: Iterable[Edit], moved: Iterable[Move]) -> Iterable[tuple[str, ObjectIdentity]]:
    """Objects that an agent would prune; those that move within their unit stay."""
    for edit in edits:
        for identity in removed_objects(edit):
            yield edit.place.path, identity
    for move in moved:
        # A move within a unit keeps the object, since an agent's inventory goes by identity and
        # not by file.
        if move.action is EditAction.RENAME or move.route:
            for identity in removed_objects(move.before):
                yield move.before.place.path, identity


def _engines(head: TreeSource, provinces: Iterable[str]) -> dict[str, str]:
    """Which agent syncs each province, as its index says."""
    found: dict[str, str] = {}
    for province in provinces:
        path = f"{province}/{INDEX}"
        if path in head.entries:
            text = next(iter(head.read([path])))
            found.update((province, name) for name in names() if f'"{name}":'.encode() in text)
    return found
