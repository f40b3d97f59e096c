"""Quantities, rates and durations as numbers."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

_SUFFIX = {
    "m": Decimal("0.001"),
    "": Decimal(1),
    "k": Decimal(10**3),
    "M": Decimal(10**6),
    "G": Decimal(10**9),
} | {
    "T": Decimal(10**12),
    "P": Decimal(10**15),
    "E": Decimal(10**18),
    "Ki": Decimal(2**10),
    "Mi": Decimal(2**20),
    "Gi": Decimal(2**30),
    "Ti": Decimal(2**40),
    "Pi": Decimal(2**50),
    "Ei": Decimal(2**60),
}
_SPLIT = re.compile(r"^([0-9.]+)([A-Za-z]*)$")


@cache
def quantity(text: str) -> Decimal:
    """A Kubernetes quantity as a number: ``250m`` is 0.25, ``64Mi`` is 67108864. Raises ValueError."""
    match = _SPLIT.match(text)
    if match is None or match[2] not in _SUFFIX:
        raise ValueError(text)
    return Decimal(match[1]) * _SUFFIX[match[2]]


def millicores(text: str) -> int:
    """CPU as thousandths of a core, rounded up."""
    return -int(-(quantity(text) * 1000) // 1)


def bytes_of(text: str) -> int:
    """Memory or disk as bytes, rounded up."""
    return -int(-quantity(text) // 1)


def bits_per_second(text: str) -> int:
    """``3Mbit/s`` is 3000000; decimal, as lines are sold."""
    return int(quantity(text.removesuffix("bit/s")))


def seconds(text: str) -> int:
    """``1h30m`` is 5400."""
    parts = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", text)
    if parts is None:
        raise ValueError(text)
    hours, minutes, rest = (int(p or 0) for p in parts.groups())
    return hours * 3600 + minutes * 60 + rest
