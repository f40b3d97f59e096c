"""Line loads: the busiest line of each kind of a province, and what its nodes have to do with.

A station's nodes share its line; a node with an AccessProfile of its own has a line of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from milepost.model.fleet import Access, Fleet, Station
from milepost.model.plan import Placement, StationSignature
from milepost.plan.edge.intervals import ManagedLine
from milepost.plan.edge.traffic_model import NodeLoad


def busiest_lines(fleet: Fleet, placement: Placement, heartbeat: int, mesh: bool) -> dict[str, ManagedLine]:
    """By name of AccessProfile: of the lines of its kind the one with most nodes, and of those the one with most pods."""
    served = _served(fleet, placement) if mesh else 0
    found: dict[str, ManagedLine] = {}
    for signature in placement.signatures:
        pods = sum(load.instances for load in signature.loads)
        for station, access, nodes in _lines(signature):
            each = pods / max(1, len(station.nodes))
            known = found.get(access.name)
            if known is None or (nodes, each) > (known.nodes, known.node.pods):
                node = NodeLoad(each, heartbeat, fleet.province.edge.telemetry, served)
                found[access.name] = ManagedLine(access, station.name, nodes, node)
    return dict(sorted(found.items()))


def _lines(signature: StationSignature) -> Iterator[tuple[Station, Access, int]]:
    for station in signature.stations:
        for access, nodes in _by_access(station).items():
            yield station, access, nodes if access is station.access else 1


def _by_access(station: Station) -> Mapping[Access, int]:
    return Counter(node.access for node in station.nodes if node.access is not None)


def _served(fleet: Fleet, placement: Placement) -> int:
    """Pods of the province that stand behind a Service."""
    components = fleet.components
    return sum(
        load.instances * len(signature.stations)
        for signature in placement.signatures
        for load in signature.loads
        if any(_has_service(components[load.application, member].settings) for member in load.members)
    )


def _has_service(settings: object) -> bool:
    return bool(getattr(settings, "ports", ()) and getattr(settings, "service", None))
