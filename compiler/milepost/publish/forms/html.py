"""The HTML form: one page without scripts, styles from elsewhere or pictures; every line, by effect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from milepost.publish.review import Review, SummaryLine
from milepost.publish.review.show.verdict import SPEC_TITLE, coverage, verdict
from milepost.publish.review.show.words import Words, plain

NAME = "html"

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}"
    "code{background:#eef1f4;padding:.1em .3em;border-radius:.2em}table{border-collapse:collapse}"
    "td,th{padding:.25rem .7rem;border-bottom:1px solid #d5dae0;text-align:right}td:first-child,th:first-child{text-align:left}"
    ".guard{border-left:.3rem solid #b3261e;padding:.3rem .8rem;background:#fbeceb}.undo,.reach{color:#57606a}"
)


def render(review: Review) -> str:
    title = escape(f"{review.base} → {review.head}")
    head = f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>'
    return f"{head}\n<body>\n" + "\n".join(_body(review)) + "\n</body></html>\n"


def _body(review: Review) -> Iterator[str]:
    yield f"<h1>Rendered changes</h1>\n<p>{escape(review.base)} → {escape(review.head)}: {escape(verdict(review))}</p>"
    for finding in review.findings:
        entries = ", ".join(f"<code>{escape(entry)}</code>" for entry in finding.entries)
        entries += escape(f", by {' or '.join(finding.by)}") if finding.by else ""
        told = (
            f"acknowledge: {entries}" if finding.tripped else f"acknowledged: {escape(finding.reason or '')}"
        )
        # Everything that comes from a tree goes through `escape`: names in a pull request are
        # written by whoever opened it.
        yield f'<p class="guard">{escape(finding.diagnostic.message)}; {told}</p>'
    yield from (f"<p>{escape(note)}</p>" for note in review.notes)
    if review.spec:
        items = "".join(f"<li>{escape(change)}</li>" for change in review.spec)
        yield f"<h2>{SPEC_TITLE}</h2>\n<ul>{items}</ul>"
    yield from _lines(review)
    yield from _provinces(review)
    for plan in review.steps:
        steps = "".join(f"<li>{_code(step)}</li>" for step in plan.steps)
        yield f"<h2>In two steps</h2>\n<p>{_set(plan.about)}</p>\n<ol>{steps}</ol>"
    if review.raw.files:
        yield f"<p>{escape(coverage(review))}</p>"


def _lines(review: Review) -> Iterator[str]:
    effect = None
    for line in review.lines:
        if line.effect is not effect:
            if effect is not None:
                yield "</ul>"
            effect = line.effect
            yield f'<h2>{effect.word.capitalize()}</h2>\n<p class="undo">{effect.undo}</p>\n<ul>'
        yield f"<li>{_set(line.words + line.details)} {_reach(line)}</li>"
    if effect is not None:
        yield "</ul>"


def _reach(line: SummaryLine) -> str:
    radius = line.radius
    return (
        f'<span class="reach">stations {len(radius.stations):,}, nodes {len(radius.nodes):,} ({len(radius.now):,} now), '
        f"units {len(radius.units):,}, changed lines {line.found.lines:,}</span>"
    )


def _provinces(review: Review) -> Iterator[str]:
    heads = ("province", "stations", "nodes", "units", "added", "changed", "removed")
    yield "<table><tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr>"
    for name, tally in review.provinces.items():
        radius = tally.radius
        numbers = (
            len(radius.stations),
            len(radius.nodes),
            len(radius.units),
            tally.added,
            tally.changed,
            tally.removed,
        )
        yield f"<tr><td>{escape(name)}</td>" + "".join(f"<td>{number:,}</td>" for number in numbers) + "</tr>"
    yield "</table>"


def _set(words: Words) -> str:
    return "".join(escape(w) if isinstance(w, str) else f"<code>{escape(plain((w,)))}</code>" for w in words)


def _code(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
