"""``stations``."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.model.stake_mark import kilometre
from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, STATION, STATION_GROUP, QueryColumn

MEANING = "A site whose nodes share one LAN: a toll station, a gantry, a service area."
COLUMNS = (
    PROVINCE,
    STATION_GROUP,
    STATION,
    QueryColumn("type", "VARCHAR", "One of the fleet's station types."),
    QueryColumn("level", "VARCHAR", "The management level of that type."),
    QueryColumn("title", "VARCHAR", "What people call it."),
    QueryColumn("stake", "VARCHAR", "Its stake mark, such as K1234+500."),
    QueryColumn("km", "DOUBLE", "The stake mark as kilometres along its road."),
    QueryColumn("parent", "VARCHAR", "The station that manages it."),
    QueryColumn("owners", "VARCHAR[]", "Teams, inherited ones included."),
    QueryColumn("nodes", "BIGINT", "Number of its nodes."),
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
