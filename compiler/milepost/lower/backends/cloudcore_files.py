"""CloudCore and what stands before it: its ConfigMap, the chart's values, HAProxy's configuration, and what must be there.

The ConfigMap is an object of the unit ``edge`` where the spec wants it so; everything else is for people and machines.
"""

from __future__ import annotations

from collections.abc import Iterable

from milepost.diagnostics import Sink
from milepost.lower.backend import OutputIndex, PlacedManifest
from milepost.lower.edge.cloudcore_config import chart_values, cloudcore_config, config_map
from milepost.lower.edge.config_text import config_text
from milepost.lower.edge.haproxy import haproxy
from milepost.model import layout
from milepost.model.manifest import Manifest, StaticFile
from milepost.model.plan import Plan

_HOW = (
    "CloudCore's configuration, in place of the chart's own; then restart CloudCore:",
    "kubectl -n kubeedge create configmap cloudcore --from-file=cloudcore.yaml --dry-run=client -o yaml |",
    "  kubectl apply --server-side --force-conflicts -f -",
)
_WHY = "what CloudCore would make of its own numbers at start stands here, so it leaves the ConfigMap alone"


def lower_province(plan: Plan, sink: Sink) -> Iterable[PlacedManifest]:
    cloudcore, sizing = plan.fleet.province.cloudcore, plan.sizing
    if cloudcore is not None and sizing is not None and cloudcore.config == "unit":
        body = config_map(plan, cloudcore, sizing)
        origin = plan.fleet.province.origin.of("spec", "cloudcore")
        yield PlacedManifest(layout.CLOUDCORE_UNIT, Manifest(body, origin, _WHY))


def lower_delivery(plan: Plan, index: OutputIndex) -> Iterable[StaticFile]:
    cloudcore, sizing = plan.fleet.province.cloudcore, plan.sizing
    if cloudcore is None or sizing is None:
        return
    values = chart_values(plan, cloudcore, sizing)
    about = f"Values of KubeEdge's chart cloudcore, version {plan.fleet.province.cluster.kubeedge}."
    yield StaticFile(layout.CLOUDCORE_FILE.path(part="values.yaml"), config_text(values, about))
    if cloudcore.config == "bootstrap":
        body = cloudcore_config(plan, cloudcore, sizing)
        yield StaticFile(layout.CLOUDCORE_FILE.path(part="cloudcore.yaml"), config_text(body, *_HOW))
    yield StaticFile(layout.CLOUDCORE_FILE.path(part="prerequisites.txt"), _prerequisites(plan))
    if cloudcore.servers:
        handshake = min((way.timeouts.handshake for way in plan.routes.by_access.values()), default=30)
        yield StaticFile(layout.HAPROXY, haproxy(cloudcore, sizing, handshake))


def _prerequisites(plan: Plan) -> str:
    """What must be there before the tree is synchronised, and what does not work without it."""
    cluster = plan.fleet.province.cluster
    cloudcore = plan.fleet.province.cloudcore
    grace = f"{cloudcore.grace_period}s" if cloudcore is not None else "its own"
    lines = [
        f"kubernetes: {cluster.kubernetes}",
        f"kubeedge: {cluster.kubeedge}",
        f"kube-controller-manager: --node-monitor-grace-period={grace}",
        "",
    ]
    for need in plan.requirements.needs:
        lines += [
            f"{need.requirement.name} ({need.requirement.where.value}): {need.wanted}",
            f"  without it: {need.requirement.without}",
        ]
    return "\n".join(lines) + "\n"
