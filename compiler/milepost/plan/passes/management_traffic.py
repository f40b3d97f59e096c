"""Management traffic: how often nodes report and renew their leases, so that it fits their lines."""

from __future__ import annotations

from milepost.diagnostics import Code, Related, Sink
from milepost.model import requirements as table
from milepost.model.edge_nodes import LineRoutes
from milepost.model.edge_traffic import LineTraffic, ManagementTraffic
from milepost.model.fleet import Fleet, Province
from milepost.model.plan import Placement
from milepost.model.requirements import ClusterRequirements
from milepost.model.rollout import Prepulls
from milepost.plan.edge.intervals import LineFit, ManagedLine, chosen, enough_grace
from milepost.plan.edge.line_loads import busiest_lines
from milepost.plan.edge.step_objects import step_objects
from milepost.plan.pass_order import Role

MP4123 = Code(
    "MP4123",
    "management traffic exceeds the share of a line",
    "Leases, status, heartbeats and what changes of the province send to its nodes take more of a line than management may "
    "have, however seldom nodes report: tolling would have to wait for it. The longest intervals are those that the cluster's "
    "grace period allows.",
    "kind: AccessProfile\nspec: {up: 64kbit/s, down: 64kbit/s, managementShare: 0.01}\n",
)
MP4124 = Code(
    "MP4124",
    "management traffic exceeds the monthly volume",
    "A metered line carries more management traffic in 30 days than its share of the volume, however seldom nodes report.",
    "kind: AccessProfile\nspec: {monthlyVolume: 1Gi, managementShare: 0.1}\n",
)
ROLE = Role.DECIDES


def run(
    fleet: Fleet,
    placement: Placement,
    routes: LineRoutes,
    requirements: ClusterRequirements,
    prepulls: Prepulls,
    sink: Sink,
) -> ManagementTraffic:
    cloudcore = fleet.province.cloudcore
    if cloudcore is None or not routes.by_access:
        return ManagementTraffic({}, {})
    mesh = any(need.requirement is table.EDGEMESH for need in requirements.needs)
    loads = busiest_lines(fleet, placement, cloudcore.reconnect.least, mesh)
    found = {}
    for name, load in loads.items():
        best, fits = chosen(load, cloudcore.grace_period, fleet.province.cluster.kubeedge)
        if not fits:
            _report(load, best, fleet.province, sink)
        found[name] = LineTraffic(
            best.every, load.station, load.nodes, best.traffic.up, best.traffic.down, best.share, best.volume
        )
    steps = {
        (pull.release.name, pull.number): step_objects(pull, fleet, placement) for pull in prepulls.waves
    }
    return ManagementTraffic(found, steps)


def _report(load: ManagedLine, best: LineFit, province: Province, sink: Sink) -> None:
    access = load.access
    related = [Related("the grace period is the cluster's", province.origin.of("spec", "cloudcore").key_span)]
    where = f'the line of station "{load.station}" with {load.nodes} {"node" if load.nodes == 1 else "nodes"}'
    if not best.fits_rate(access):
        up, down = best.traffic.up * 8 / 1000, best.traffic.down * 8 / 1000
        sink.report(
            MP4123,
            f"{where} carries {up:.1f} kbit/s up and {down:.1f} kbit/s down of management traffic, {best.share:.1%} of its "
            f"rate, and {access.management_share:.1%} is its share",
            access.origin.of("spec", "managementShare").span,
            hint=f"it would fit with a managementShare of {_up(best.share):.3f}, or rates {best.share / access.management_share:.1f} "
            "times as high" + _longer(load, province),
            related=related,
        )
    if not best.fits_volume(access):
        assert access.monthly_volume is not None
        allowed = access.monthly_volume * access.management_share
        sink.report(
            MP4124,
            f"{where} carries {best.volume / 1e9:.2f} GB of management traffic in 30 days, and its share of the volume is "
            f"{allowed / 1e9:.2f} GB",
            access.origin.of("spec", "monthlyVolume").span,
            hint=f"it would fit with a managementShare of {_up(best.volume / access.monthly_volume):.3f}, or "
            f"{best.volume / access.management_share / 1e9:.1f} GB a month" + _longer(load, province),
            related=related,
        )


def _longer(load: ManagedLine, province: Province) -> str:
    """The shortest grace period of the cluster with which it would fit as well, if there is one."""
    grace = enough_grace(load, province.cluster.kubeedge)
    return (
        "" if grace is None else f"; or with a gracePeriod of {grace}s, so that leases are renewed less often"
    )


def _up(share: float) -> float:
    """To the next thousandth, since what is told must fit."""
    return -int(-share * 1000 // 1) / 1000
