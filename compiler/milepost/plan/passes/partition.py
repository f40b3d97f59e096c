"""KubeEdge NodeGroups: one dimension cuts the province into disjoint groups by a label that every node carries."""

from __future__ import annotations

from milepost.diagnostics import Code, Sink
from milepost.model.fleet import Fleet
from milepost.model.plan import Partition
from milepost.plan.pass_order import Role

MP4020 = Code(
    "MP4020",
    "EdgeApplication without a partition by station",
    "A KubeEdge EdgeApplication makes one Deployment per node group. Replicas are counted per station, so it needs "
    "node groups that are stations: a NodeGroup document with `partition: station`.",
    "kind: NodeGroup\nspec: {partition: station-group}\n---\ncomponents: [{name: a, image: a, edgeApplication: true}]\n",
)
MP4021 = Code(
    "MP4021",
    "too many targets in an EdgeApplication",
    "The controller writes all targets of an EdgeApplication into one object and rewrites it at every event: above 200 "
    "it no longer keeps up.",
    "# a station group of 201 stations with an EdgeApplication component\n",
)
TARGETS = 200


ROLE = Role.DECIDES


def run(fleet: Fleet, sink: Sink) -> Partition | None:
    _check_edge_applications(fleet, sink)
    catalog, province = fleet.catalog, fleet.province
    if catalog.partition == "station-group":
        names = tuple(group.name for group in province.groups)
        return Partition(f"{catalog.label_domain}/station-group", names)
    if catalog.partition == "station":
        names = tuple(sorted(station.name for group in province.groups for station in group.stations))
        return Partition(f"{catalog.label_domain}/station", names)
    return None


def _check_edge_applications(fleet: Fleet, sink: Sink) -> None:
    for component in fleet.components.values():
        if component.settings.edge_application:
            at = component.origin.of("edgeApplication").span
            if fleet.catalog.partition != "station":
                hint = "add a NodeGroup with partition: station, or leave edgeApplication out"
                sink.report(MP4020, f'"{component.name}" needs a node group per station', at, hint=hint)
            # An EdgeApplication is made for each station group, with a target for every station
            # of it; KubeEdge's controller keeps all targets in one object.
            for group in fleet.province.groups:
                if len(group.stations) > TARGETS:
                    message = f'station group "{group.name}" has {len(group.stations)} stations, more than {TARGETS}'
                    sink.report(
                        MP4021, message, at, hint="leave edgeApplication out: Deployments have no such limit"
                    )
