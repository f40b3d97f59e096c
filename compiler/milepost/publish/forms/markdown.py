"""The Markdown form for a pull request's comment: at most 60,000 characters, the most dangerous first.

Text from the trees stands in code spans, so that it neither formats nor calls anybody. The first line lets a workflow find
its own comment and edit it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from milepost.publish.review import Review, SummaryLine
from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.judge.guards import GuardFinding
from milepost.publish.review.show.reach_text import reach_text
from milepost.publish.review.show.verdict import SPEC_TITLE, coverage, verdict
from milepost.publish.review.show.words import Words, counted, name

NAME = "markdown"
MARKER = "<!-- milepost diff -->"
LIMIT = 60_000
"""Characters; GitHub takes 65,536."""

_FOR_ENTRIES = 4_000
_MOST_GUARDS, _MOST_PROVINCES = 15, 40
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~$@-])")


def render(review: Review) -> str:
    # What stands around the lines is not known before it is written, so fewer lines are tried
    # until the whole fits; a forge refuses a longer comment outright.
    for room in range(LIMIT * 3 // 4, 0, -LIMIT // 4):
        text = _rendered(review, room)
        if len(text) <= LIMIT:
            return text
    return _rendered(review, 0)


def _rendered(review: Review, room: int) -> str:
    """With the lines that fit into ``room`` characters, and plans in a quarter of it."""
    shown = list(_shown(review, room))
    base, head = (_set((name(label),)) for label in (review.base, review.head))
    parts = [
        MARKER,
        f"## Rendered changes\n\n{base} → {head}: {verdict(review)}",
        *_guards(review),
        *_spec(review),
        *_by_effect(shown),
        *_left_out(review, len(shown)),
        *_provinces(review),
        *_plans(review, room // 4),
    ]
    if review.raw.files:
        parts.append(f"<sub>{coverage(review, len(shown))}</sub>")
    return "\n\n".join(parts) + "\n"


def _shown(review: Review, room: int) -> Iterator[SummaryLine]:
    for line in review.lines:
        room -= len(_bullet(line)) + 1
        if room < 0:
            return
        yield line


def _guards(review: Review) -> Iterator[str]:
    tripped = [finding for finding in review.findings if finding.tripped]
    if tripped:
        rows = [f"> - {_escaped(f.diagnostic.message)}" for f in tripped[:_MOST_GUARDS]]
        more = [f"> - and {len(tripped) - _MOST_GUARDS:,} more"] if len(tripped) > _MOST_GUARDS else []
        yield "\n".join(
            ["> [!CAUTION]", "> A guard must be acknowledged before this is merged:", *rows, *more]
        )
        yield _entries(tripped[:_MOST_GUARDS])
    for finding in [f for f in review.findings if not f.tripped][:_MOST_GUARDS]:
        yield f"Acknowledged: {_escaped(finding.diagnostic.message)}, because {_set((name(finding.reason or ''),))}."
    yield from (f"Note: {_escaped(note)}." for note in review.notes)


def _spec(review: Review) -> Iterator[str]:
    if review.spec:
        yield f"### {SPEC_TITLE}\n\n" + "\n".join(f"- {_escaped(line)}" for line in review.spec)


def _entries(findings: Iterable[GuardFinding]) -> str:
    rows, room = [], _FOR_ENTRIES
    for entry, teams in ((entry, finding.by) for finding in findings for entry in finding.entries):
        room -= len(entry) + 30
        by = f"\n      by: {' or '.join(teams)}" if teams else ""
        rows.append(
            f"    - {entry}\n      reason: …{by}" if room > 0 else "    # and more, which the text form names"
        )
        if room <= 0:
            break
    return "Where it is meant, in the fleet:\n\n```yaml\nspec:\n  acknowledge:\n" + "\n".join(rows) + "\n```"


def _by_effect(lines: Iterable[SummaryLine]) -> Iterator[str]:
    groups: dict[Effect, list[str]] = {}
    for line in lines:
        groups.setdefault(line.effect, []).append(_bullet(line))
    for effect, bullets in groups.items():
        body = "\n".join(bullets)
        if effect is Effect.FOLLOWS:
            yield f"<details><summary>{effect.word} ({len(bullets):,})</summary>\n\n{body}\n\n</details>"
        else:
            yield f"### {effect.word.capitalize()}\n\n{body}\n\n<sub>{effect.undo}</sub>"


def _bullet(line: SummaryLine) -> str:
    reach = reach_text(line.radius)
    return f"- {_set(line.words + line.details)}" + (f" — {reach}" if reach else "")


def _left_out(review: Review, shown: int) -> Iterator[str]:
    rest = review.lines[shown:]
    if not rest:
        return
    kinds = Counter(line.effect for line in rest)
    parts = [f"{counted(number, 'line')} that {effect.word}" for effect, number in kinds.items()]
    changed = sum(line.found.lines for line in rest)
    yield (
        f"**{len(rest):,} more lines** do not fit into a comment: {', '.join(parts)}. They stand for {changed:,} changed "
        "lines and are less dangerous than those above; the JSON and HTML forms hold every one."
    )


def _provinces(review: Review) -> Iterator[str]:
    if not review.provinces:
        return
    rows = ["| province | stations | nodes | units | objects | worst |", "|---|--:|--:|--:|--:|---|"]
    worst_first = sorted(review.provinces.items(), key=lambda item: (-item[1].worst.severity, item[0]))
    for province, tally in worst_first[:_MOST_PROVINCES]:
        radius, objects = tally.radius, f"+{tally.added:,} ~{tally.changed:,} −{tally.removed:,}"
        numbers = " | ".join(f"{len(each):,}" for each in (radius.stations, radius.nodes, radius.units))
        rows.append(f"| {_set((name(province),))} | {numbers} | {objects} | {tally.worst.word} |")
    if len(worst_first) > _MOST_PROVINCES:
        rows.append(f"\nand {len(worst_first) - _MOST_PROVINCES:,} more provinces")
    yield "\n".join(rows)


def _plans(review: Review, room: int) -> Iterator[str]:
    for i, plan in enumerate(review.steps):
        steps = "\n".join(f"{number}. {step}" for number, step in enumerate(plan.steps, 1))
        text = f"<details><summary>In two steps</summary>\n\n{_set(plan.about)}\n\n{steps}\n\n</details>"
        room -= len(text)
        if room < 0:
            yield f"{counted(len(review.steps) - i, 'more plan')} of two steps: see the text form."
            return
        yield text


def _set(words: Words) -> str:
    return "".join(word if isinstance(word, str) else _span(word.text) for word in words)


def _span(text: str) -> str:
    """A code span that its own backticks cannot end; a pipe must not end a table's cell either."""
    text = text.replace("|", "\\|") if "|" in text else text
    if "`" not in text:
        return f"`{text}`" if text else ""
    fence = "`" * (max(len(run) for run in re.findall(r"`+", text)) + 1)
    return f"{fence} {text} {fence}"


def _escaped(text: str) -> str:
    # An entity for `@`: a backslash does not keep GitHub from calling the person or team of
    # that name.
    return _SPECIAL.sub(lambda found: "&#64;" if found[1] == "@" else f"\\{found[1]}", text)
