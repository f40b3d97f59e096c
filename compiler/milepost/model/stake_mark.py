"""Stake marks as numbers. They count along one road; those of two roads say nothing about each other."""

from __future__ import annotations

import re

_STAKE = re.compile(r"K(\d+)\+(\d+)$")


def kilometre(stake: str | None) -> float | None:
    """``K1234+500`` is 1234.5; nothing for what is no stake mark."""
    found = _STAKE.match(stake or "")
    return None if found is None else int(found[1]) + int(found[2]) / 1000
