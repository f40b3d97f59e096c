"""Reach of a line as text: how many stations and nodes it touches, and how many of them have what it touches now."""

from __future__ import annotations

from milepost.publish.review.judge.blast_radius import BlastRadius
from milepost.publish.review.show.words import counted


def reach_text(radius: BlastRadius) -> str:
    """``11 stations, 71 nodes (60 now)``; empty where nobody is reached."""
    parts = [counted(len(radius.stations), "station")] if radius.stations else []
    if radius.nodes:
        now = len(radius.now)
        share = "" if now == len(radius.nodes) else " (none now)" if not now else f" ({now:,} now)"
        parts.append(f"{counted(len(radius.nodes), 'node')}{share}")
    return ", ".join(parts)
