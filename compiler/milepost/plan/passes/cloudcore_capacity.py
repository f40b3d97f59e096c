"""CloudCore sizing: node limit, patience and resources of each instance, by the nodes of the province."""

from __future__ import annotations

from milepost.diagnostics import Sink
from milepost.model.cloudcore_sizing import CloudCoreSizing
from milepost.model.edge_nodes import EdgeConfigs, LineRoutes, edge_nodes
from milepost.model.fleet import Fleet
from milepost.plan.edge.cloudcore_size import accepted, cloudcore_size, manager_size, node_limit
from milepost.plan.pass_order import Role

ROLE = Role.DECIDES
LEAST_KEEPALIVE, LEAST_WRITE = 30, 30
"""CloudCore's own defaults."""


def run(fleet: Fleet, routes: LineRoutes, edge: EdgeConfigs, sink: Sink) -> CloudCoreSizing | None:
    province = fleet.province
    if province.cloudcore is None:
        return None
    nodes = sum(1 for _ in edge_nodes(province))
    limit = node_limit(nodes)
    ways = routes.by_access.values()
    return CloudCoreSizing(
        nodes=nodes,
        node_limit=limit,
        # Two heartbeats may be late before CloudCore gives a node up.
        keepalive=max(LEAST_KEEPALIVE, 3 * province.cloudcore.reconnect.most),
        write_timeout=max([LEAST_WRITE, *(2 * way.timeouts.write for way in ways)]),
        cloudcore=cloudcore_size(limit),
        controller_manager=manager_size(limit),
        iptables_manager=manager_size(limit),
        rate=province.cloudcore.reconnect.rate or accepted(limit, province.cluster.cloudcore_replicas),
        stream=any("edgeStream" in config.modules for config in edge.by_class.values()),
        quic=any(way.access.transport == "quic" for way in ways),
    )
