"""Durations as people write them.

Written are those that all of them take (Flux's form): hours, minutes, seconds and milliseconds, never a sign.
"""

from __future__ import annotations

import re
from functools import cache

FORM = r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$"
"""The form of a duration, as a regular expression that JSON Schema, pydantic and Python read alike."""

_PART = re.compile(r"([0-9]+)(?:\.([0-9]+))?(ms|s|m|h)")
_MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}
_MOST = (2**63 - 1) // 10**9


@cache
def milliseconds(text: str) -> int:
    """``1.5s`` is 1500; a part of a millisecond counts as one. Raises ValueError, which says why it is none."""
    return _length(text, 1)


@cache
def seconds(text: str) -> int:
    """``1h30m`` is 5400; a part of a second counts as one. Raises ValueError, which says why it is none."""
    return _length(text, 1000)


def _length(text: str, unit: int) -> int:
    """In units of so many milliseconds, rounded up."""
    if re.fullmatch(FORM, text) is None:
        raise ValueError(f'"{text}" is no duration')
    parts = _PART.findall(text)
    finest = max(len(part) for _, part, _ in parts)
    # Milliseconds and as many decimals as the finest part has: whole numbers, so nothing is rounded on the way.
    length = sum(int(whole + part.ljust(finest, "0")) * _MILLISECONDS[unit] for whole, part, unit in parts)
    found: int = -(-length // (unit * 10**finest))
    # Go keeps a duration as nanoseconds in 64 bits, so anything longer would come out negative
    # in an agent.
    if found * unit > _MOST * 1000:
        raise ValueError(f'"{text}" is longer than Kubernetes can count')
    return found


def span(length: float) -> str:
    """Seconds as ``1h5m``, ``12m`` or ``40s``, rounded up."""
    whole = -int(-length // 1)
    if whole < 60:
        return f"{whole}s"
    hours, minutes = divmod(-(-whole // 60), 60)
    return f"{hours}h{minutes}m" if hours and minutes else f"{hours}h" if hours else f"{minutes}m"
