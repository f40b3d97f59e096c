"""The table ``components``."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.model.instances import Instances
from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, STATION, STATION_GROUP, QueryColumn

MEANING = (
    "A component of an application at a station, or in the province's cluster itself: what runs there, how often, and on "
    "which nodes. Of the cluster's own nodes nobody knows how many fit."
)
COLUMNS = (
    PROVINCE,
    STATION_GROUP._replace(meaning=f"{STATION_GROUP.meaning[:-1]}; null for what the province itself runs."),
    STATION._replace(meaning=f"{STATION.meaning[:-1]}; null for what the province itself runs."),
    QueryColumn("application", "VARCHAR", "The application."),
    QueryColumn("component", "VARCHAR", "The component."),
    QueryColumn("kind", "VARCHAR", "Kind of its workload object: Deployment, StatefulSet, DaemonSet, Job …"),
    QueryColumn("scope", "VARCHAR", "What one such object is for: station, station-group, or province."),
    QueryColumn("instances", "BIGINT", "Instances at this station, or in the province."),
    QueryColumn("fitting", "BIGINT", "Nodes of the station that it may run on; null for the province."),
    QueryColumn("architectures", "VARCHAR[]", "Architectures of those nodes, or that it was built for."),
    QueryColumn("image", "VARCHAR", "The Image by name; `images` has its digest."),
    QueryColumn("version", "VARCHAR", "Version of the application here."),
    QueryColumn("tag", "VARCHAR", "Version of the image."),
    QueryColumn(
        "survives", "BIGINT", "Nodes that may be lost before no instance is left, as its contract says."
    ),
    QueryColumn("reason", "VARCHAR", "Why it is placed so."),
)


Row = tuple[str | int | list[str] | None, ...]


def rows(compiled: Compiled) -> Iterator[Row]:
    yield from _at_stations(compiled)
    yield from _at_the_province(compiled)


def _at_stations(compiled: Compiled) -> Iterator[Row]:
    plan = compiled.plan
    province, instances = plan.fleet.province, Instances(plan)
    for group in province.groups:
        versions = plan.running.of_group[group.name]
        for station in group.stations:
            for workload, count, fitting, architectures in instances.at(station):
                version = versions[workload.application]
                tags = plan.fleet.edition(workload.application, version).versions[version]
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


def _at_the_province(compiled: Compiled) -> Iterator[Row]:
    plan = compiled.plan
    for workload in plan.cloud.workloads:
        application = plan.fleet.application(workload.application)
        tags = application.versions[application.version]
        for component in plan.members(workload):
            image = component.image.name
            yield (
                plan.fleet.province.name,
                None,
                None,
                application.name,
                component.name,
                workload.kind,
                workload.scope,
                workload.replicas,
                None,
                list(workload.architectures),
                image,
                application.version,
                tags[image],
                component.settings.survives,
                workload.reason,
            )
