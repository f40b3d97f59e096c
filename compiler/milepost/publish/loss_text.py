"""Node loss as text: of each component, the stations at which it stops, or goes on without what it names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from milepost.publish.review.show.words import counted


def together(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of several provinces, added up; those that something may happen to."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = (row["lostNodes"], row["application"], row["component"])
        if key not in found:
            found[key] = row | {"without": {on: dict(text) for on, text in row["without"].items()}}
            continue
        mine = found[key]
        mine["stations"] += row["stations"]
        mine["stops"] += row["stops"]
        for on, text in row["without"].items():
            known = mine["without"].setdefault(on, text | {"stations": 0})
            known["stations"] += text["stations"]
    return [found[key] for key in sorted(found) if found[key]["stops"] or found[key]["without"]]


def loss_lines(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Nothing where nothing stops."""
    lines: list[str] = []
    above = 0
    for row in rows:
        if row["lostNodes"] != above:
            above = row["lostNodes"]
            lines.append(f"with any {counted(above, 'node')} of a station lost")
        lines += [f"  {row['application']}/{row['component']}: {_said(row)}"]
        lines += [f"    {text['because']}" for text in row["without"].values()]
    return lines


def _said(row: dict[str, Any]) -> str:
    of = f"of {counted(row['stations'], 'station')}"
    parts = [f"may stop at {row['stops']} {of}"] if row["stops"] else []
    parts += [f"goes on without {on} at {text['stations']} {of}" for on, text in row["without"].items()]
    return ", ".join(parts)
