"""Bit rates of lines, decimal as lines are sold: ``3Mbit/s`` is 3,000,000."""

from __future__ import annotations

import re

FORM = r"^[0-9]+(\.[0-9]+)?(k|M|G)bit/s$"
"""The form of a rate, as a regular expression that JSON Schema, pydantic and Python read alike."""

_PARTS = re.compile(r"([0-9]+)(?:\.([0-9]+))?([kMG])bit/s")
_EXPONENT = {"k": 3, "M": 6, "G": 9}


def bits_per_second(text: str) -> int:
    """Rounded down: a line carries no more than it is said to. Raises ValueError, which says why it is none."""
    match = _PARTS.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is no rate')
    part = match[2] or ""
    # Whole numbers all the way: `float("0.1") * 10**9` and its like would round, and a proof
    # about a line must not.
    rate: int = int(match[1] + part) * 10 ** _EXPONENT[match[3]] // 10 ** len(part)
    if rate == 0:
        raise ValueError(f'"{text}" is less than 1 bit/s: nothing ever crosses such a line')
    return rate
