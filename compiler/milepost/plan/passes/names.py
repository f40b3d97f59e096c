"""Names of objects fit Kubernetes' limits; computed once per workload over the longest station name."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import Component, Station
from milepost.model.origin import At
from milepost.model.plan import Plan, Workload

MP4040 = Code(
    "MP4040",
    "name too long",
    "Objects are named application-component-station. A Service and a label value hold 63 characters; a StatefulSet's "
    "name and a Job's at most 52, since Kubernetes or Milepost puts a hash behind it.",
    "# application tolling-and-clearing, component transaction-archive-writer, station hunan-g4-beijing-hongkong-macau-yueyang\n",
)
LIMITS = {"StatefulSet": 52, "Job": 52}
SERVICE = 63


def run(plan: Plan, sink: Sink) -> None:
    for station_class in plan.station_classes:
        longest = max(station_class.stations, key=lambda s: (len(s.name), s.name))
        for workload in station_class.workloads:
            for stem, component in _stems(workload, plan):
                limit = LIMITS.get(workload.kind, SERVICE) if stem == workload.stem else SERVICE
                _check(f"{stem}-{longest.name}", limit, component.origin, longest, sink)
    for group_class in plan.group_classes:
        for workload in group_class.workloads:
            for stem, component in _stems(workload, plan):
                _check(stem, SERVICE, component.origin, None, sink)
    for component in plan.components.values():
        for name, at in _volumes(component):
            _check(f"{component.name}-{name}", SERVICE, at, None, sink)


def _volumes(component: Component) -> Iterator[tuple[str, At]]:
    """What becomes a volume of the pod, but for the config files, whose volume has a short name."""
    for index, volume in enumerate(component.spec.volumes):
        yield volume.name, component.origin.of("volumes", index)
    for index, secret in enumerate(component.spec.secrets):
        if secret.path is not None:
            yield secret.name, component.origin.of("secrets", index)


def _stems(workload: Workload, plan: Plan) -> Iterator[tuple[str, Component]]:
    """Every name that a workload gives to objects, the station aside."""
    members = plan.members(workload)
    yield workload.stem, members[0]
    yield from ((f"{c.application}-{c.name}", c) for c in members)


def _check(name: str, limit: int, origin: At, station: Station | None, sink: Sink) -> None:
    if len(name) > limit:
        sink.report(
            MP4040,
            f'"{name}" has {len(name)} characters, more than {limit}',
            origin.of("name").span,
            related=[Related("the station's name", station.origin.of("name").span)] if station else [],
            hint="shorten one of the names that it is made of",
        )
