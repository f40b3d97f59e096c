"""The table ``nodes``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from milepost.model.plan import node_labels
from milepost.model.row_record import Carried
from milepost.model.spec import NodeRow
from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, STATION, STATION_GROUP, QueryColumn
from milepost.query.row_columns import of_rows

MEANING = "One edge computer."
_CARRIED = Carried(NodeRow, but=("name",))
COLUMNS = (
    PROVINCE,
    STATION_GROUP,
    STATION,
    QueryColumn("node", "VARCHAR", "Its name in Kubernetes."),
    QueryColumn("profile", "VARCHAR", "Its HardwareProfile."),
    QueryColumn("vendor", "VARCHAR", "Who makes it."),
    QueryColumn("model", "VARCHAR", "What the maker calls it."),
    QueryColumn("architecture", "VARCHAR", "amd64, arm64 …"),
    QueryColumn("cpu", "BIGINT", "Thousandths of a core."),
    QueryColumn("memory", "BIGINT", "Bytes."),
    QueryColumn("disk", "BIGINT", "Bytes."),
    QueryColumn("roles", "VARCHAR[]", "What it is for."),
    *of_rows(_CARRIED),
    QueryColumn("access", "VARCHAR", "The AccessProfile that holds for it: its own, or its station's."),
    QueryColumn("down", "BIGINT", "Rate of that line toward the node, in bit/s."),
    QueryColumn("up", "BIGINT", "Rate of that line from the node, in bit/s."),
    QueryColumn("labels", "MAP(VARCHAR, VARCHAR)", "Every label that it must carry."),
)


def rows(compiled: Compiled) -> Iterator[tuple[Any, ...]]:
    province = compiled.plan.fleet.province
    domain = compiled.plan.fleet.catalog.label_domain
    for group in province.groups:
        for station in group.stations:
            for node in station.nodes:
                profile, access = node.profile, node.access or station.access
                yield (
                    province.name,
                    group.name,
                    station.name,
                    node.name,
                    profile.name,
                    profile.vendor,
                    profile.model,
                    profile.architecture,
                    profile.cpu,
                    profile.memory,
                    profile.disk,
                    list(node.roles),
                    *_CARRIED.values(node.row),
                    access.name if access else None,
                    access.down if access else None,
                    access.up if access else None,
                    node_labels(node, station, domain),
                )
