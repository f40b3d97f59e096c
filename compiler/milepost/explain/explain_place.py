"""Explanation of a station group, station or node: what it is, what it inherited from whom, what runs there and why."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Span
from milepost.model.fleet import Node, Settings, Station, StationGroup
from milepost.model.origin import Origin
from milepost.model.plan import Plan, Workload, node_labels

Line = tuple[str, Span | None, int]


def explain_group(plan: Plan, group: StationGroup) -> Iterator[Line]:
    """Its road, what holds there, its versions and its own workloads."""
    yield f"station group {group.name} of {plan.fleet.province.name}, {group.road.code}", group.origin.span, 0
    yield from _settings("budget", group.budgets, group.origin)
    yield from _settings("value", group.values, group.origin)
    yield from _settings("label", group.labels, group.origin)
    for application, version in sorted(plan.running.of_group[group.name].items()):
        yield f"runs {application} {version}", _version_span(plan, application, group.name), 1
    for group_class in plan.placement.group_classes:
        if group in group_class.groups:
            for workload in group_class.workloads:
                yield from _workload(plan, workload, workload.stem)


def explain_station(plan: Plan, station: Station) -> Iterator[Line]:
    """Its place, what it inherited, its nodes and its own workloads."""
    stake = f" at {station.row.stake}" if station.row.stake else ""
    yield f"station {station.name}, a {station.type}{stake} of {station.group}", station.origin.span, 0
    if station.access is not None:
        yield f"access {station.access.name}", None, 1
    yield from _settings("value", station.values, station.origin)
    yield from _settings("label", station.labels, station.origin)
    for node in station.nodes:
        yield (
            f"node {node.name}: {node.profile.name}, {' '.join(node.roles) or 'no role'}",
            node.origin.span,
            1,
        )
    for station_class in plan.placement.station_classes:
        if station in station_class.stations:
            if alike := len(station_class.stations) - 1:
                yield f"placed as {alike} other stations of the province are", None, 1
            for workload in station_class.workloads:
                yield from _workload(plan, workload, f"{workload.stem}-{station.name}")


def explain_node(plan: Plan, station: Station, node: Node) -> Iterator[Line]:
    """Its labels, each with the level that set it, and the workloads whose terms it meets."""
    profile = node.profile
    yield (
        f"node {node.name} at station {station.name}, a {profile.name} ({profile.architecture})",
        node.origin.span,
        0,
    )
    labels = node_labels(node, station, plan.fleet.catalog.label_domain)
    for key, value in labels.items():
        setting = node.labels.get(key)
        text = f"label {key}={value}"
        yield (
            (f"{text}, set at {setting.level}", setting.origin(node.origin).span, 1)
            if setting
            else (text, node.origin.span, 1)
        )
    yield from _settings("value", node.values, node.origin)
    for workload in _workloads_at(plan, station):
        if _may_run(workload, labels, node):
            yield from _workload(plan, workload, workload.stem)


def _workloads_at(plan: Plan, station: Station) -> Iterator[Workload]:
    for station_class in plan.placement.station_classes:
        if station in station_class.stations:
            yield from station_class.workloads
    for group_class in plan.placement.group_classes:
        if any(group.name == station.group for group in group_class.groups):
            yield from group_class.workloads


def _may_run(workload: Workload, labels: dict[str, str], node: Node) -> bool:
    return node.profile.architecture in workload.architectures and workload.terms.fits(labels)


def _workload(plan: Plan, workload: Workload, name: str) -> Iterator[Line]:
    first = plan.members(workload)[0]
    yield f"{workload.kind} {name}: {workload.reason}", first.origin.of("name").span, 1
    for component in plan.members(workload)[1:]:
        yield f"with {component.name} in the same pod", component.origin.of("name").span, 2


def _settings(what: str, settings: Settings, holder: Origin) -> Iterator[Line]:
    for key, setting in sorted(settings.items()):
        yield f"{what} {key} = {setting.value}, set at {setting.level}", setting.origin(holder).span, 1


def _version_span(plan: Plan, application: str, group: str) -> Span:
    for release in plan.fleet.catalog.releases:
        if release.application == application and plan.running.of_group[group][application] == release.to:
            return release.origin.document.span("spec", "switched")
    return plan.fleet.application(application).origin.document.span("spec", "version")
