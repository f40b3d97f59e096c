"""Management traffic: how often nodes report and renew their leases over each kind of line."""

from __future__ import annotations

from milepost.diagnostics import Sink
from milepost.model.edge_nodes import LineRoutes
from milepost.model.edge_traffic import DEFAULT_INTERVALS, ManagementTraffic
from milepost.plan.pass_order import Role

ROLE = Role.DECIDES


def run(routes: LineRoutes, sink: Sink) -> ManagementTraffic:
    return ManagementTraffic(dict.fromkeys(routes.by_access, DEFAULT_INTERVALS))
