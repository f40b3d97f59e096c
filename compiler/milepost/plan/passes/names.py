"""Names of objects fit Kubernetes' limits; computed once per workload over the longest station name."""

from __future__ import annotations

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import Station
from milepost.model.origin import At
from milepost.model.plan import Plan

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
            name = f"{workload.stem}-{longest.name}"
            for component in plan.members(workload):
                service = f"{workload.application}-{component.name}-{longest.name}"
                _check(
                    max(name, service, key=len),
                    LIMITS.get(workload.kind, SERVICE),
                    component.origin,
                    longest,
                    sink,
                )
    for group_class in plan.group_classes:
        for workload in group_class.workloads:
            origin = plan.members(workload)[0].origin
            if len(workload.stem) > SERVICE:
                sink.report(
                    MP4040,
                    f'"{workload.stem}" has {len(workload.stem)} characters, more than {SERVICE}',
                    origin.span,
                )


def _check(name: str, limit: int, origin: At, station: Station, sink: Sink) -> None:
    if len(name) > limit:
        sink.report(
            MP4040,
            f'"{name}" has {len(name)} characters, more than {limit}',
            origin.of("name").span,
            related=[Related("the station's name", station.origin.of("name").span)],
            hint="shorten the name of the application, the component or the station",
        )
