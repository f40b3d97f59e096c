"""Running versions: the version of each application that has workloads in a station group."""

from __future__ import annotations

from collections.abc import Mapping

from milepost.model.plan import Plan


def running_versions(plan: Plan) -> Mapping[str, Mapping[str, str]]:
    """Station group to application to version; sorted. An application without a workload in a group is not there."""
    found: dict[str, set[str]] = {name: set() for name in plan.fleet.groups}
    for station_class in plan.placement.station_classes:
        applications = {workload.application for workload in station_class.workloads}
        for group in {station.group for station in station_class.stations}:
            found[group] |= applications
    for group_class in plan.placement.group_classes:
        applications = {workload.application for workload in group_class.workloads}
        for member in group_class.groups:
            found[member.name] |= applications
    return {
        name: {a: plan.running.of_group[name][a] for a in sorted(placed)}
        for name, placed in sorted(found.items())
    }


def cloud_versions(plan: Plan) -> Mapping[str, str]:
    """Application to version, of those with workloads on the cloud side; sorted. No wave moves them."""
    placed = sorted({workload.application for workload in plan.cloud.workloads})
    return {name: plan.fleet.application(name).version for name in placed}
