"""Stake marks as numbers. They count along one road; those of two roads say nothing about each other.

Letters before ``K`` name the line that is measured. ``Z`` and ``Y`` are the left and the right carriageway where they part,
at bridges and tunnels, and run along the road; ``A``, ``B`` and so on are ramps, which count from a zero of their own.
Marks of two roads say nothing about each other.
"""

from __future__ import annotations

import re

FORM = r"^[A-Z]{0,2}K[0-9]{1,5}\+[0-9]{3}(\.[0-9]{1,3})?$"
"""The form of a mark, as a regular expression that JSON Schema, pydantic and Python read alike."""

_ALONG_THE_ROAD = re.compile(r"[ZY]?K([0-9]{1,5})\+([0-9]{3}(?:\.[0-9]{1,3})?)")


def kilometre(stake: str | None) -> float | None:
    """``K1234+500`` is 1234.5; nothing for what is no mark along the road itself."""
    found = _ALONG_THE_ROAD.fullmatch(stake or "")
    return None if found is None else int(found[1]) + float(found[2]) / 1000
