"""The table ``provinces``."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, QueryColumn

MEANING = "One cluster and everything behind it."
COLUMNS = (
    PROVINCE,
    QueryColumn("kubernetes", "VARCHAR", "Minor version of Kubernetes."),
    QueryColumn("kubeedge", "VARCHAR", "Version of KubeEdge."),
    QueryColumn("engine", "VARCHAR", "What syncs the cluster: the name of a delivery engine."),
    QueryColumn("owners", "VARCHAR[]", "Teams, those of farther levels included."),
    QueryColumn("approvers", "VARCHAR[]", "Teams that are asked about changes, and own nothing here."),
    QueryColumn("readers", "VARCHAR[]", "Teams that may look at it, and own nothing here."),
    QueryColumn("station_groups", "BIGINT", "Number of its station groups."),
    QueryColumn("stations", "BIGINT", "Number of its stations."),
    QueryColumn("nodes", "BIGINT", "Number of its nodes."),
)


def rows(compiled: Compiled) -> Iterator[tuple[str | int | list[str], ...]]:
    province = compiled.plan.fleet.province
    stations = [s for group in province.groups for s in group.stations]
    yield (
        province.name,
        province.cluster.kubernetes,
        province.cluster.kubeedge,
        province.sync.engine,
        list(province.rights.owners),
        list(province.rights.approvers),
        list(province.rights.looking),
        len(province.groups),
        len(stations),
        sum(len(s.nodes) for s in stations),
    )
