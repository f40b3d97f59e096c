"""The table ``virtual_addresses``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, STATION, STATION_GROUP, QueryColumn

MEANING = "An address of a station that moves between its nodes."
COLUMNS = (
    PROVINCE,
    STATION_GROUP,
    STATION,
    QueryColumn("address_name", "VARCHAR", "Its name; unique at its station."),
    QueryColumn("addresses", "VARCHAR[]", "Addresses that move together, each with its prefix."),
    QueryColumn("vrid", "BIGINT", "Virtual router ID of VRRP on its LAN."),
)


def rows(compiled: Compiled) -> Iterator[tuple[Any, ...]]:
    plan = compiled.plan
    province = plan.fleet.province
    for group in province.groups:
        for station in group.stations:
            for address in station.addresses:
                router = plan.networks.routers[station.name, address.name]
                yield (
                    province.name,
                    group.name,
                    station.name,
                    address.name,
                    list(router.prefixes),
                    router.vrid,
                )
