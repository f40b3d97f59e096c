"""The return of a province: its nodes and lines, put into the closed form of ``reconnect``."""

from __future__ import annotations

from milepost.model.cloudcore_sizing import CloudCoreSizing
from milepost.model.edge_nodes import LineRoutes
from milepost.model.fleet import Fleet
from milepost.plan.edge.line_timeouts import handshake_seconds
from milepost.plan.edge.reconnect import ReturnBound, return_bound


def bound_of(fleet: Fleet, routes: LineRoutes, sizing: CloudCoreSizing) -> ReturnBound:
    """The worst return of a province with ``cloudcore``."""
    assert fleet.province.cloudcore is not None
    ways = routes.by_access.values()
    return return_bound(
        sizing.nodes,
        sizing.rate,
        fleet.province.cluster.kubeedge,
        fleet.province.cloudcore.reconnect.most,
        max((handshake_seconds(way.access) for way in ways), default=0.0),
        min((way.timeouts.handshake for way in ways), default=30),
    )
