"""Durations as people write them.

Written are those that all of them take (Flux's form): hours, minutes, seconds and milliseconds, never a sign.
"""

from __future__ import annotations

import re
from fractions import Fraction

FORM = r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$"
"""The form of a duration, as a regular expression that JSON Schema, pydantic and Python read alike."""

_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)")
_SECONDS = {"ms": Fraction(1, 1000), "s": Fraction(1), "m": Fraction(60), "h": Fraction(3600)}
_MOST = Fraction(2**63 - 1, 10**9)


def seconds(text: str) -> int:
    """``1h30m`` is 5400; a part of a second counts as one. Raises ValueError, which says why it is none."""
    if re.fullmatch(FORM, text) is None:
        raise ValueError(f'"{text}" is no duration')
    length = sum((Fraction(number) * _SECONDS[unit] for number, unit in _PART.findall(text)), Fraction())
    if length > _MOST:
        raise ValueError(f'"{text}" is longer than Kubernetes can count')
    return -int(-length // 1)


def span(length: float) -> str:
    """Seconds as ``1h5m``, ``12m`` or ``40s``, rounded up."""
    whole = -int(-length // 1)
    if whole < 60:
        return f"{whole}s"
    hours, minutes = divmod(-(-whole // 60), 60)
    return f"{hours}h{minutes}m" if hours and minutes else f"{hours}h" if hours else f"{minutes}m"
