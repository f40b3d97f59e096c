"""Lengths of time as people write them."""

from __future__ import annotations


def span(length: float) -> str:
    """Seconds as ``1h5m``, ``12m`` or ``40s``, rounded up."""
    whole = -int(-length // 1)
    if whole < 60:
        return f"{whole}s"
    hours, minutes = divmod(-(-whole // 60), 60)
    return f"{hours}h{minutes}m" if hours and minutes else f"{hours}h" if hours else f"{minutes}m"
