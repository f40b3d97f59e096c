"""The table ``links``."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, STATION, STATION_GROUP, QueryColumn

MEANING = "How a station reaches the cloud; nodes with a line of their own say so in `nodes.access`."
COLUMNS = (
    PROVINCE,
    STATION_GROUP,
    STATION,
    QueryColumn("access", "VARCHAR", "Its AccessProfile."),
    QueryColumn("line", "VARCHAR", "private, proxy or public."),
    QueryColumn("medium", "VARCHAR", "wired or wireless."),
    QueryColumn("down", "BIGINT", "Rate toward the station, in bit/s."),
    QueryColumn("up", "BIGINT", "Rate from the station, in bit/s."),
    QueryColumn("outage", "BIGINT", "Longest loss of the line to expect, in seconds."),
)


def rows(compiled: Compiled) -> Iterator[tuple[str | int, ...]]:
    province = compiled.plan.fleet.province
    for group in province.groups:
        for station in group.stations:
            if (access := station.access) is not None:
                yield (
                    province.name,
                    group.name,
                    station.name,
                    access.name,
                    access.line,
                    access.medium,
                    access.down,
                    access.up,
                    access.outage,
                )
