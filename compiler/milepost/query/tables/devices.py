"""The table ``devices``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from milepost.model.row_record import Carried
from milepost.model.spec import DeviceRow
from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, STATION, STATION_GROUP, QueryColumn
from milepost.query.row_columns import of_rows

MEANING = "A device at a station: a camera, a lane controller, a serial line."
_CARRIED = Carried(DeviceRow, but=("name",))
COLUMNS = (
    PROVINCE,
    STATION_GROUP,
    STATION,
    QueryColumn("device", "VARCHAR", "Its name; unique at its station."),
    *of_rows(_CARRIED),
)


def rows(compiled: Compiled) -> Iterator[tuple[Any, ...]]:
    province = compiled.plan.fleet.province
    for group in province.groups:
        for station in group.stations:
            for device in station.devices:
                yield province.name, group.name, station.name, device.name, *_CARRIED.values(device.row)
