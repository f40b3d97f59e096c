"""The table ``waves``."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, STATION_GROUP, QueryColumn

MEANING = "A station group's place in a release."
COLUMNS = (
    PROVINCE,
    STATION_GROUP,
    QueryColumn("release", "VARCHAR", "The release."),
    QueryColumn("application", "VARCHAR", "The application that moves."),
    QueryColumn("start", "VARCHAR", "The version that runs before."),
    QueryColumn("target", "VARCHAR", "The version that runs after."),
    QueryColumn("wave", "VARCHAR", "The wave's name."),
    QueryColumn("number", "BIGINT", "Its place in the order, from 1."),
    QueryColumn("state", "VARCHAR", "waiting, pre-pulled, switched or applied."),
)


def rows(compiled: Compiled) -> Iterator[tuple[str | int, ...]]:
    plan = compiled.plan
    for release in plan.fleet.catalog.releases:
        for number, wave in enumerate(release.waves):
            for group in sorted(wave.groups & plan.fleet.groups.keys()):
                yield (
                    plan.fleet.province.name,
                    group,
                    release.name,
                    release.application,
                    release.start,
                    release.to,
                    wave.name,
                    number + 1,
                    release.state(number),
                )
