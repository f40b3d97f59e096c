"""Reconnect contracts: whether all nodes of a province are Ready again in the time that its spec promises."""

from __future__ import annotations

from milepost.diagnostics import Code, Related, Sink
from milepost.model.cloudcore_sizing import CloudCoreSizing
from milepost.model.duration import span
from milepost.model.edge_nodes import LineRoutes
from milepost.model.fleet import Fleet
from milepost.plan.edge.cloudcore_size import accepted
from milepost.plan.edge.province_return import bound_of
from milepost.plan.edge.reconnect import ReturnBound, enough_rate
from milepost.plan.pass_order import Role

MP4125 = Code(
    "MP4125",
    "return of all nodes takes longer than promised",
    "After a cut all nodes come back at once. Counted is the worst: every node after its longest wait, all in one moment, let "
    "in at the rate of the proxy layer. Who waits in the queue for longer than a handshake may take gives up and waits again, and "
    "then nothing can be promised.",
    "kind: Province\nspec:\n  cloudcore: {reconnect: {within: 30s, heartbeat: {least: 11, most: 20}}}\n",
)
ROLE = Role.CHECKS


def run(fleet: Fleet, routes: LineRoutes, sizing: CloudCoreSizing | None, sink: Sink) -> None:
    cloudcore = fleet.province.cloudcore
    if cloudcore is None or sizing is None or cloudcore.reconnect.within is None:
        return
    bound = bound_of(fleet, routes, sizing)
    within = cloudcore.reconnect.within
    if bound.patient and bound.total <= within:
        return
    at = fleet.province.origin.of("spec", "cloudcore", "reconnect", "within")
    gives_up = f"the queue takes {span(bound.queue)}, and nodes give up after {bound.patience}s"
    slow = f"the last of {bound.nodes} nodes is Ready {span(bound.total)} after a cut"
    parts = (
        f"wait {bound.wait:.0f} s, queue {bound.queue:.0f} s at {bound.rate} connections a second, handshake "
        f"{bound.handshake:.1f} s, report 10 s"
    )
    sink.report(
        MP4125,
        f"{slow if bound.patient else gives_up}, and the contract is {span(within)}",
        at.span,
        hint=_helps(bound, within, fleet),
        related=[Related(parts, fleet.province.origin.of("spec", "cloudcore", "reconnect").key_span)],
    )


def _helps(bound: ReturnBound, within: int, fleet: Fleet) -> str:
    rate = enough_rate(bound, within)
    if rate is None:
        most = int((within - bound.handshake - 10) // 2)
        if most >= 5:
            return f"nodes wait for up to twice their heartbeat: a heartbeat of {most} s at most leaves time for the queue"
        return f"no setting reaches it: promise {span(bound.wait + bound.handshake + 10 + bound.patience)} or more"
    one = accepted(-(-bound.nodes // 100) * 100, 1)
    replicas = max(1, -(-rate // one))
    return f"a rate of {rate} holds it, which is what {replicas} CloudCore{'' if replicas == 1 else 's'} of this size take"
