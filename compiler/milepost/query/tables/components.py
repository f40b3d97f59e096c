"""``components``."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.model.instances import Instances
from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, STATION, STATION_GROUP, Column

MEANING = "A component of an application at a station: what runs there, how often, and on which nodes."
COLUMNS = (
    PROVINCE,
    STATION_GROUP,
    STATION,
    Column("application", "VARCHAR", "The application."),
    Column("component", "VARCHAR", "The component."),
    Column("kind", "VARCHAR", "Kind of its workload object: Deployment, StatefulSet, DaemonSet, Job …"),
    Column("scope", "VARCHAR", "What one such object is for: station, or station-group."),
    Column("instances", "BIGINT", "Instances at this station."),
    Column("fitting", "BIGINT", "Nodes of the station that it may run on."),
    Column("architectures", "VARCHAR[]", "Architectures of those nodes."),
    Column("image", "VARCHAR", "The Image by name; `images` has its digest."),
    Column("version", "VARCHAR", "Version of the application in this station group."),
    Column("tag", "VARCHAR", "Version of the image."),
    Column("survives", "BIGINT", "Nodes that may be lost before no instance is left, as its contract says."),
    Column("reason", "VARCHAR", "Why it is placed so."),
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
                        component.spec.survives,
                        workload.reason,
                    )
