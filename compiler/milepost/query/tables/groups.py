"""The table ``groups``."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.model.stake_mark import kilometre
from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, STATION_GROUP, QueryColumn

MEANING = "A station group: a road section, the unit of rollout, ownership and namespace."
COLUMNS = (
    PROVINCE,
    STATION_GROUP,
    QueryColumn("road", "VARCHAR", "Number of the expressway, such as G4."),
    QueryColumn("road_name", "VARCHAR", "Name of the expressway and of the section."),
    QueryColumn("start_km", "DOUBLE", "Kilometre of its first stake mark."),
    QueryColumn("end_km", "DOUBLE", "Kilometre of its last stake mark."),
    QueryColumn("owners", "VARCHAR[]", "Teams, those of farther levels included."),
    QueryColumn("approvers", "VARCHAR[]", "Teams that are asked about changes, and own nothing here."),
    QueryColumn("readers", "VARCHAR[]", "Teams that may look at it, and own nothing here."),
    QueryColumn("stations", "BIGINT", "Number of its stations."),
    QueryColumn("nodes", "BIGINT", "Number of its nodes."),
)


def rows(compiled: Compiled) -> Iterator[tuple[str | int | float | list[str] | None, ...]]:
    province = compiled.plan.fleet.province
    for group in province.groups:
        road = group.road
        yield (
            province.name,
            group.name,
            road.code,
            road.name,
            kilometre(road.start),
            kilometre(road.end),
            list(group.rights.owners),
            list(group.rights.approvers),
            list(group.rights.looking),
            len(group.stations),
            sum(len(s.nodes) for s in group.stations),
        )
