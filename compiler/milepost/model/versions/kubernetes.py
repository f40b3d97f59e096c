"""Minor versions of Kubernetes: those whose objects Milepost can check, and the end of maintenance of each.

A new one is a line here and a run of ``python -m milepost.emit.schemas.update``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

END_OF_LIFE: Mapping[str, date] = {
    "1.27": date(2024, 7, 16),
    "1.28": date(2024, 10, 22),
    "1.29": date(2025, 2, 28),
    "1.30": date(2025, 7, 15),
    "1.31": date(2025, 11, 11),
    "1.32": date(2026, 2, 28),
    "1.33": date(2026, 6, 28),
    "1.34": date(2026, 10, 27),
    "1.35": date(2027, 2, 28),
    "1.36": date(2027, 6, 28),
    "1.37": date(2027, 10, 28),
}
"""Every minor version that is known, oldest first, to the last day on which it gets fixes: kubernetes.io/releases."""

KNOWN: tuple[str, ...] = tuple(END_OF_LIFE)


def number(minor: str) -> int:
    """The number after ``1.``, by which versions are compared."""
    return int(minor.partition(".")[2])


def nearest(minor: str) -> str:
    """The known version that is nearest to another one."""
    return min(KNOWN, key=lambda known: abs(number(known) - number(minor)))
