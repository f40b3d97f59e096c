"""Review changes as the page tells them: sentences by danger, and which stations each reaches."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from milepost.model.record import by_value
from milepost.publish.review import Review, SummaryLine
from milepost.publish.review.classify.change_classes import Variant
from milepost.publish.review.read.place_abstraction import legible
from milepost.publish.review.show.verdict import coverage, verdict
from milepost.publish.review.show.words import Words, plain

Piece = tuple[str, bool]
"""A piece of a sentence, and whether it is a name."""
_SHOWN = 14
"""Lines of a change that are shown."""
_STOPS, _RESTARTS = 70, 50
"""Severities from which on pods are stopped or made anew, and restarted or moved."""


@by_value
class ReviewChange:
    """A change of a review on the page: one line of the summary.

    ``level`` is 3 where pods stop, 2 where they restart, 1 where they go on running, 0 where nothing happens of itself.
    """

    number: int
    said: tuple[Piece, ...]
    effect: str
    undo: str
    level: int
    stations: int
    shown: int
    """Stations that are on the map: those that go are not."""
    nodes: int
    units: int
    places: int
    lines: int
    example: tuple[tuple[str, str], ...]
    """Sign and text of the change that was made most often; shortened."""
    variants: int


@by_value
class ReviewChanges:
    """The changes of a whole review on the page."""

    base: str
    head: str
    verdict: str
    coverage: str
    guards: tuple[tuple[str, str, tuple[str, ...], str | None], ...]
    """Code, message, what would acknowledge it, and the reason where somebody has."""
    notes: tuple[str, ...]
    changes: tuple[ReviewChange, ...]
    provinces: tuple[tuple[str, int, int, int, int, int, int, str], ...]
    """Name; stations, nodes, units; objects added, changed, removed; the worst effect."""
    steps: tuple[tuple[str, tuple[str, ...]], ...]


def changes(review: Review, stations: Container[tuple[str, str]]) -> ReviewChanges:
    """What the page says of ``review``; ``stations`` are those on the map, with their provinces."""
    return ReviewChanges(
        base=review.base,
        head=review.head,
        verdict=verdict(review),
        coverage=coverage(review) if review.raw.files else "",
        guards=tuple(
            (found.diagnostic.code.id, found.diagnostic.message, found.entries, found.reason)
            for found in review.findings
        ),
        notes=review.notes,
        changes=tuple(_change(number, line, stations) for number, line in enumerate(review.lines)),
        provinces=tuple(_provinces(review)),
        steps=tuple((plain(plan.about), plan.steps) for plan in review.steps),
    )


def reached(review: Review, province: str, stations: Sequence[str]) -> list[tuple[int, list[int]]]:
    """Number of each line that reaches stations of ``province``, and runs of their places: first, length, first, ..."""
    at = {name: place for place, name in enumerate(stations)}
    found = []
    for number, line in enumerate(review.lines):
        # A station that the change removes is not on the map and has no place.
        places = sorted(at[name] for home, name in line.radius.stations if home == province and name in at)
        if places:
            found.append((number, _runs(places)))
    return found


def level(line: SummaryLine) -> int:
    """How much a line disturbs what runs."""
    severity = line.effect.severity
    return 3 if severity >= _STOPS else 2 if severity >= _RESTARTS else min(severity, 1)


def _change(number: int, line: SummaryLine, stations: Container[tuple[str, str]]) -> ReviewChange:
    radius, found = line.radius, line.found
    return ReviewChange(
        number=number,
        said=tuple(_pieces(line.words + line.details)),
        effect=line.effect.word,
        undo=line.effect.undo,
        level=level(line),
        stations=len(radius.stations),
        shown=sum(station in stations for station in radius.stations),
        nodes=len(radius.nodes),
        units=len(radius.units),
        places=found.places,
        lines=found.lines,
        example=tuple(_example(found.variants[0])),
        variants=len(found.variants),
    )


def _pieces(words: Words) -> Iterator[Piece]:
    for word in words:
        yield (word, False) if isinstance(word, str) else (word.text, True)


def _example(variant: Variant) -> Iterator[tuple[str, str]]:
    shown = 0
    for sign, text in variant.pattern:
        for line in legible(text).splitlines():
            if shown == _SHOWN:
                yield " ", "…"
                return
            shown += 1
            yield sign, line


def _runs(places: Iterable[int]) -> list[int]:
    runs: list[int] = []
    for place in places:
        # Neighbours on a road usually change together: "first, length" pairs are far shorter
        # than the places themselves.
        if runs and runs[-2] + runs[-1] == place:
            runs[-1] += 1
        else:
            runs += (place, 1)
    return runs


def _provinces(review: Review) -> Iterator[tuple[str, int, int, int, int, int, int, str]]:
    for name, tally in review.provinces.items():
        reach = tally.radius
        yield (
            name,
            len(reach.stations),
            len(reach.nodes),
            len(reach.units),
            tally.added,
            tally.changed,
            tally.removed,
            tally.worst.word,
        )
