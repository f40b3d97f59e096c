"""The table ``stations``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from milepost.model.row_record import Carried
from milepost.model.spec import StationRow
from milepost.model.stake_mark import kilometre
from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, STATION, STATION_GROUP, QueryColumn
from milepost.query.row_columns import of_rows

MEANING = "A site whose nodes share one LAN: a toll station, a gantry, a service area."
_CARRIED = Carried(StationRow, but=("name", "group"))
COLUMNS = (
    PROVINCE,
    STATION_GROUP,
    STATION,
    *of_rows(_CARRIED),
    QueryColumn("level", "VARCHAR", "The management level of its type."),
    QueryColumn("km", "DOUBLE", "The stake mark as kilometres along its road."),
    QueryColumn("owners", "VARCHAR[]", "Teams, inherited ones included."),
    QueryColumn("nodes", "BIGINT", "Number of its nodes."),
)


def rows(compiled: Compiled) -> Iterator[tuple[Any, ...]]:
    province = compiled.plan.fleet.province
    levels = compiled.plan.fleet.catalog.station_types
    for group in province.groups:
        for station in group.stations:
            yield (
                province.name,
                group.name,
                station.name,
                *_CARRIED.values(station.row),
                levels[station.type],
                kilometre(station.row.stake),
                list(station.rights.owners),
                len(station.nodes),
            )
