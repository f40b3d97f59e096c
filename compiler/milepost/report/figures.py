"""Figures as people read them."""

from __future__ import annotations

from milepost.model.duration import span

__all__ = ["amount", "count", "megabytes", "percent", "plural", "rate", "span"]


def count(number: float) -> str:
    """``12,345``."""
    return f"{number:,.0f}"


def amount(number: float, unit: str) -> str:
    """A figure of a cost in its unit: bytes, seconds, or a number of things."""
    if unit == "B":
        return megabytes(number)
    if unit == "s":
        return span(number) if number >= 1 else f"{number * 1000:.0f} ms"
    return count(number)


def plural(number: int, thing: str) -> str:
    """``1 station``, ``1,204 stations``, ``3 provinces``."""
    many = thing[:-1] + "ies" if thing.endswith("y") else f"{thing}s"
    return f"{number:,} {thing if number == 1 else many}"


def megabytes(size: float) -> str:
    """Decimal, as lines are sold: ``38 MB``, ``1.2 GB``."""
    if size >= 10**12:
        return f"{size / 10**12:,.1f} TB"
    if size >= 10**9:
        return f"{size / 10**9:,.1f} GB"
    return f"{-int(-size // 10**6):,} MB"


def percent(part: float) -> str:
    """``5 %``; anything above nothing is at least ``<1 %``."""
    if part == float("inf"):
        return "over 100 %"
    return "<1 %" if 0 < part < 0.01 else f"{part:.0%}".replace("%", " %")


def rate(bits: float) -> str:
    """``5 Mbit/s``."""
    if bits >= 10**9:
        return f"{bits / 10**9:g} Gbit/s"
    return f"{bits / 10**6:g} Mbit/s" if bits >= 10**5 else f"{bits / 10**3:g} kbit/s"
