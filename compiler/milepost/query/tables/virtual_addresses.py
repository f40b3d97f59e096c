"""The table ``virtual_addresses``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from milepost.model.failover import LedAddress
from milepost.model.fleet import Station
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
    QueryColumn("pattern", "VARCHAR", "The form of the rule that leads it: standby, mutual or active."),
    QueryColumn(
        "components", "VARCHAR[]", "The components that must be ready behind it, with their edition."
    ),
    QueryColumn("nodes", "VARCHAR[]", "The nodes that may have it, the first one first."),
    QueryColumn("failback", "BOOLEAN", "Whether it goes back to a node that is before others."),
    QueryColumn("lost", "DOUBLE", "Seconds until another node has it, at most, when its node is lost."),
    QueryColumn("sick", "DOUBLE", "The same when its component becomes sick."),
    QueryColumn("bytes_per_second", "DOUBLE", "What it costs the LAN."),
)


def rows(compiled: Compiled) -> Iterator[tuple[Any, ...]]:
    plan = compiled.plan
    province = plan.fleet.province
    for group in province.groups:
        for station in group.stations:
            led = {one.address: one for one in plan.failovers.led.get(station.name, ())}
            for address in station.addresses:
                router = plan.networks.routers[station.name, address.name]
                yield (
                    province.name,
                    group.name,
                    station.name,
                    address.name,
                    list(router.prefixes),
                    router.vrid,
                    *(_failover(led[address.name], station) if address.name in led else _NONE),
                )


_NONE: tuple[Any, ...] = (None, [], [], None, None, None, None)


def _failover(led: LedAddress, station: Station) -> tuple[Any, ...]:
    pattern = led.pattern
    return (
        pattern.rule.form,
        [f"{pattern.edition}/{name}" for name in pattern.rule.addresses[led.address]],
        [station.nodes[index].name for index in led.order],
        pattern.rule.failback,
        pattern.timing.lost,
        pattern.timing.sick,
        led.bytes_per_second(),
    )
