"""The text form for a terminal: every line, the most dangerous first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from milepost.publish.review import Review, SummaryLine
from milepost.publish.review.show.reach_text import reach_text
from milepost.publish.review.show.verdict import SPEC_TITLE, coverage, verdict
from milepost.publish.review.show.words import plain

NAME = "text"
_WIDTH = 110


def render(review: Review) -> str:
    return "\n".join(_lines(review)) + "\n"


def _lines(review: Review) -> Iterator[str]:
    yield f"{review.base} → {review.head}"
    yield verdict(review)
    yield from _guards(review)
    if review.spec:
        yield f"\n{SPEC_TITLE[0].lower()}{SPEC_TITLE[1:]}"
        for change in review.spec:
            yield from _wrapped(f"- {change}", 4)
    effect = None
    for line in review.lines:
        if line.effect is not effect:
            effect = line.effect
            yield f"\n{effect.word} ({effect.undo})"
        yield from _wrapped(f"- {_sentence(line)}", 4)
    for plan in review.steps:
        yield f"\nin two steps: {plain(plan.about)}"
        for number, step in enumerate(plan.steps, 1):
            yield from _wrapped(f"{number}. {step}", 3)
    if review.raw.files:
        yield f"\n{coverage(review)}"


def _wrapped(text: str, indent: int) -> list[str]:
    """A name is never broken, so that it can be copied and searched."""
    pad = " " * indent
    return textwrap.wrap(text, _WIDTH, subsequent_indent=pad, break_long_words=False, break_on_hyphens=False)


def _guards(review: Review) -> Iterator[str]:
    for finding in review.findings:
        mark = "guard" if finding.tripped else "acknowledged"
        yield f"\n{mark} {finding.diagnostic.code.id}: {finding.diagnostic.message}"
        if finding.tripped:
            by = f", by: {' or '.join(finding.by)}" if finding.by else ""
            yield from (f"    acknowledge: {entry}{by}" for entry in finding.entries)
        else:
            yield f"    reason: {finding.reason}"
    yield from (f"\nnote: {note}" for note in review.notes)


def _sentence(line: SummaryLine) -> str:
    reach = reach_text(line.radius)
    return plain(line.words + line.details) + (f" [{reach}]" if reach else "")
