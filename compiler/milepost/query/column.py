"""Columns of a table, and those that say where something stands."""

from __future__ import annotations

from typing import NamedTuple


class QueryColumn(NamedTuple):
    """Name, type in DuckDB's words, and meaning with its unit."""

    name: str
    type: str
    meaning: str


PROVINCE = QueryColumn("province", "VARCHAR", "The province's name.")
STATION_GROUP = QueryColumn("station_group", "VARCHAR", "The station group (road section).")
STATION = QueryColumn("station", "VARCHAR", "The station's name; unique in its province.")
