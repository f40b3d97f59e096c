"""Markdown tables, and numbers as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.measure import Cost


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The first column to the left, all others to the right."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, rule, *rows))


def seconds(value: float) -> str:
    if value < 0.001:
        return f"{value * 1e6:.1f} µs"
    return f"{value * 1000:.0f} ms" if value < 0.95 else f"{value:.1f} s"


def cost(found: Cost) -> list[str]:
    """Wall and processor seconds, as two cells."""
    return [seconds(found.wall), seconds(found.cpu)]


def bytes_(count: float) -> str:
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:.0f} MiB"
