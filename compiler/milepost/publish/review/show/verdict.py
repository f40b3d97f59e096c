"""The verdict: the sentences that open and close every form, the summary and that nothing is left out."""

from __future__ import annotations

from milepost.publish.review.assemble import Review
from milepost.publish.review.show.words import counted


def verdict(review: Review) -> str:
    """Whom the change reaches and how much it changes, guards first."""
    tripped = sum(finding.tripped for finding in review.findings)
    opening = f"{counted(tripped, 'guard')} must be acknowledged. " if tripped else ""
    if not review.raw.files:
        return f"{opening}{'No tree changes.' if review.spec else 'Nothing changed.'}"
    radius, tallies = review.radius, review.provinces.values()
    reach = (
        (len(review.provinces), "province"),
        (len(radius.stations), "station"),
        (len(radius.nodes), "node"),
        (len(radius.units), "unit"),
    )
    numbers = {
        "added": sum(tally.added for tally in tallies),
        "changed": sum(tally.changed for tally in tallies),
        "removed": sum(tally.removed for tally in tallies),
    }
    objects = ", ".join(f"{number:,} {word}" for word, number in numbers.items() if number) or "none changed"
    reached = ", ".join(counted(*each) for each in reach if each[0])
    return f"{opening}Reaches {reached}; objects: {objects}."


def coverage(review: Review, shown: int | None = None) -> str:
    """How much of the difference the lines cover: all of it, checked by expanding them.

    ``shown`` is how many of the lines stand in the form, where that is not all.
    """
    raw, total = review.raw, len(review.lines)
    lines = f"{counted(total, 'line')} of this summary"
    if shown is not None and shown < total:
        lines = f"{shown:,} lines shown and the {total - shown:,} counted above"
    return (
        f"{lines} {'covers' if total == 1 else 'cover'} {raw.lines:,} of {raw.lines:,} changed lines in {counted(raw.files, 'file')}; "
        f"expanded, they are the raw difference, sha256:{raw.sha256}."
    )


SPEC_TITLE = "Changes what is allowed, and no tree"
"""The heading of what the spec says otherwise and no rendered file shows."""
