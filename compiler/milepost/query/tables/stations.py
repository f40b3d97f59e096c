"""``stations``."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.model.stake import kilometre
from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, STATION, STATION_GROUP, Column

MEANING = "A site whose nodes share one LAN: a toll station, a gantry, a service area."
COLUMNS = (
    PROVINCE,
    STATION_GROUP,
    STATION,
    Column("type", "VARCHAR", "One of the fleet's station types."),
    Column("level", "VARCHAR", "The management level of that type."),
    Column("title", "VARCHAR", "What people call it."),
    Column("stake", "VARCHAR", "Its stake mark, such as K1234+500."),
    Column("km", "DOUBLE", "The stake mark as kilometres along its road."),
    Column("parent", "VARCHAR", "The station that manages it."),
    Column("owners", "VARCHAR[]", "Teams, inherited ones included."),
    Column("nodes", "BIGINT", "Number of its nodes."),
)


def rows(compiled: Compiled) -> Iterator[tuple[str | int | float | list[str] | None, ...]]:
    province = compiled.plan.fleet.province
    levels = compiled.plan.fleet.catalog.station_types
    for group in province.groups:
        for station in group.stations:
            yield (
                province.name,
                group.name,
                station.name,
                station.type,
                levels[station.type],
                station.title,
                station.stake,
                kilometre(station.stake),
                station.parent,
                list(station.rights.owners),
                len(station.nodes),
            )
