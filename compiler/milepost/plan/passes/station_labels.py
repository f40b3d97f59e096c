"""Station labels: those that select stations hold at every node of a station, since the scheduler sees nodes alone."""

from __future__ import annotations

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import Fleet, Node, Settings, Station
from milepost.model.origin import Origin
from milepost.model.plan import SelectingLabels
from milepost.plan.pass_order import Role

MP4015 = Code(
    "MP4015",
    "node label contradicts its station",
    "An application selects stations by a label, and its pods find nodes by that same label. A node that says otherwise "
    "than its station would get nothing of what its station is given, or something that its station is not.",
    "# stations: {labels: {terrain: flat}}\nname,station,profile,label:terrain\nyueyang-l1,yueyang,box,hills\n",
)


ROLE = Role.DECIDES


def run(fleet: Fleet, sink: Sink) -> SelectingLabels:
    applications = fleet.editions
    keys = {key: application.name for application in applications for key in application.stations.labels}
    found: dict[str, list[tuple[Station, Node]]] = {}
    for group in fleet.province.groups if keys else ():
        for station in group.stations:
            # By identity: nodes without labels of their own share the object of their station,
            # and those are nearly all of 100,000.
            apart = [node for node in station.nodes if node.labels is not station.labels]
            for key in keys if apart else ():
                value = _value(station.labels, key)
                differing = [(station, node) for node in apart if _value(node.labels, key) != value]
                if differing:
                    found.setdefault(key, []).extend(differing)
    for key, nodes in found.items():
        _report(key, keys[key], nodes, sink)
    return SelectingLabels(frozenset(keys))


def _report(key: str, application: str, nodes: list[tuple[Station, Node]], sink: Sink) -> None:
    station, node = nodes[0]
    more = f"; so do {len(nodes) - 1} more" if len(nodes) > 1 else ""
    sink.report(
        MP4015,
        f'node "{node.name}" differs from its station in the label "{key}", by which "{application}" selects stations'
        + more,
        _origin(node.labels, key, node.origin).span,
        related=[Related(f"station {station.name}", _origin(station.labels, key, station.origin).span)],
        hint="set the label on the station, or tell the node apart by another label",
    )


def _value(labels: Settings, key: str) -> object:
    return labels[key].value if key in labels else None


def _origin(labels: Settings, key: str, otherwise: Origin) -> Origin:
    return labels[key].origin(otherwise) if key in labels else otherwise
