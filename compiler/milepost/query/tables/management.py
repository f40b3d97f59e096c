"""The table ``management``."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, QueryColumn

MEANING = (
    "Management traffic of the busiest line of each AccessProfile, and the intervals that were chosen for it."
)
COLUMNS = (
    PROVINCE,
    QueryColumn("access", "VARCHAR", "The AccessProfile."),
    QueryColumn("station", "VARCHAR", "Whose line it is."),
    QueryColumn("nodes", "BIGINT", "Nodes behind it."),
    QueryColumn("lease", "BIGINT", "Duration of a node's lease, in seconds; it is renewed four times in it."),
    QueryColumn("report", "BIGINT", "Time between reports of an unchanged node, in seconds."),
    QueryColumn("up", "BIGINT", "Traffic from the station, in bit/s."),
    QueryColumn("down", "BIGINT", "Traffic toward the station, in bit/s."),
    QueryColumn("share", "DOUBLE", "Part of the line's rate."),
    QueryColumn("month", "BIGINT", "Bytes in 30 days, both ways."),
)


def rows(compiled: Compiled) -> Iterator[tuple[str | int | float, ...]]:
    name = compiled.plan.fleet.province.name
    for access, line in compiled.plan.traffic.by_access.items():
        rates = round(line.up * 8), round(line.down * 8)
        yield (
            name,
            access,
            line.station,
            line.nodes,
            *line.every,
            *rates,
            round(line.share, 4),
            round(line.volume),
        )
