"""Line lists: the beginnings of summary lines in the message of a guard."""

from __future__ import annotations

from collections.abc import Sequence

from milepost.publish.review.judge.blast_radius import BlastRadius
from milepost.publish.review.show.summary_line import SummaryLine
from milepost.publish.review.show.words import counted, plain

_MOST = 3


def told(what: str, lines: Sequence[SummaryLine]) -> str:
    """``what``, at how many stations, and the first of the lines that say so."""
    radius = BlastRadius.together(line.radius for line in lines)
    reach = f" at {counted(len(radius.stations), 'station')}" if radius.stations else ""
    shown = "; ".join(plain(line.words + line.details) for line in lines[:_MOST])
    more = f"; and {counted(len(lines) - _MOST, 'more line')}" if len(lines) > _MOST else ""
    return f"{what}{reach}: {shown}{more}"
