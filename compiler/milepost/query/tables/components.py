"""The table ``components``."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.model.instances import Instances
from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, STATION, STATION_GROUP, QueryColumn

MEANING = "A component of an application at a station: what runs there, how often, and on which nodes."
COLUMNS = (
    PROVINCE,
    STATION_GROUP,
    STATION,
    QueryColumn("application", "VARCHAR", "The application."),
    QueryColumn("component", "VARCHAR", "The component."),
    QueryColumn("kind", "VARCHAR", "Kind of its workload object: Deployment, StatefulSet, DaemonSet, Job …"),
    QueryColumn("scope", "VARCHAR", "What one such object is for: station, or station-group."),
    QueryColumn("instances", "BIGINT", "Instances at this station."),
    QueryColumn("fitting", "BIGINT", "Nodes of the station that it may run on."),
    QueryColumn("architectures", "VARCHAR[]", "Architectures of those nodes."),
    QueryColumn("image", "VARCHAR", "The Image by name; `images` has its digest."),
    QueryColumn("version", "VARCHAR", "Version of the application in this station group."),
    QueryColumn("tag", "VARCHAR", "Version of the image."),
    QueryColumn(
        "survives", "BIGINT", "Nodes that may be lost before no instance is left, as its contract says."
    ),
    QueryColumn("reason", "VARCHAR", "Why it is placed so."),
)


def rows(compiled: Compiled) -> Iterator[tuple[str | int | list[str], ...]]:
    plan = compiled.plan
    province, instances = plan.fleet.province, Instances(plan)
    applications = {a.name: a for a in plan.fleet.catalog.applications}
    for group in province.groups:
        versions = plan.running.of_group[group.name]
        for station in group.stations:
            for workload, count, fitting, architectures in instances.at(station):
                version = versions[workload.application]
                tags = applications[workload.application].versions[version]
                for component in plan.members(workload):
                    image = component.image.name
                    yield (
                        province.name,
                        group.name,
                        station.name,
                        workload.application,
                        component.name,
                        workload.kind,
                        workload.scope,
                        count,
                        fitting,
                        list(architectures),
                        image,
                        version,
                        tags[image],
                        component.settings.survives,
                        workload.reason,
                    )
