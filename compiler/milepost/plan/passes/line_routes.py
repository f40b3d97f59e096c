"""Line routes: how nodes of each AccessProfile reach CloudCore, or why they cannot."""

from __future__ import annotations

from milepost.diagnostics import Code, Related, Sink
from milepost.model.edge_nodes import LineRoute, LineRoutes, edge_nodes
from milepost.model.edge_settings import CloudCoreSettings
from milepost.model.fleet import Access, Fleet, Province
from milepost.plan.edge.legal_pairs import PairFault, pair_fault
from milepost.plan.edge.line_timeouts import line_timeouts
from milepost.plan.pass_order import Role

MP4120 = Code(
    "MP4120",
    "no CloudCore endpoint for a kind of line",
    "Nodes with this kind of line have nobody to connect to: the province's `cloudcore.endpoints` name none for them. "
    "EdgeCore knows no HTTP or SOCKS proxy, so behind one it needs a TCP pass-through (layer 4) with an address of its own; "
    "images are another matter, since containerd pulls them, and it does know proxies.",
    "kind: Province\nspec:\n  cloudcore: {endpoints: {private: {host: cloudcore.hunan.example}}}\n"
    "# and nodes with an AccessProfile of `line: proxy`\n",
)
MP4121 = Code(
    "MP4121",
    "transport that a line cannot carry",
    "EdgeCore speaks WebSocket (TCP) or QUIC (UDP) with CloudCore, exactly one of them. QUIC passes no proxy, and needs a port "
    "of its own at the endpoint.",
    "kind: AccessProfile\nspec: {line: proxy, transport: quic, medium: wired, down: 10Mbit/s, up: 5Mbit/s}\n",
)
ROLE = Role.DECIDES


def run(fleet: Fleet, sink: Sink) -> LineRoutes:
    cloudcore = fleet.province.cloudcore
    if cloudcore is None:
        return LineRoutes({})
    used = {node.access.name: node.access for node, _ in edge_nodes(fleet.province) if node.access}
    for access in used.values():
        fault = pair_fault(access.line, access.transport, cloudcore.endpoints.get(access.line))
        if fault is not None:
            _report(fault, access, fleet.province, sink)
    return LineRoutes({} if sink.failed else {name: _route(used[name], cloudcore) for name in sorted(used)})


def _route(access: Access, cloudcore: CloudCoreSettings) -> LineRoute:
    return LineRoute(access, cloudcore.endpoints[access.line], line_timeouts(access))


def _report(fault: PairFault, access: Access, province: Province, sink: Sink) -> None:
    profile = access.origin.of("spec", "transport" if access.transport == "quic" else "line")
    endpoints = province.origin.of("spec", "cloudcore", "endpoints")
    if fault.endpoint:
        related = [
            Related(f'nodes have AccessProfile "{access.name}"', access.origin.of("spec", "line").span)
        ]
        message = f'province "{province.name}" has {fault.words}'
        sink.report(MP4120, message, endpoints.key_span, hint=fault.hint, related=related)
    else:
        related = [Related("the endpoints stand here", endpoints.key_span)]
        message = f'AccessProfile "{access.name}" {fault.words}'
        sink.report(MP4121, message, profile.span, hint=fault.hint, related=related)
