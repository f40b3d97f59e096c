"""Cluster budgets: whether a province's cluster keeps to its limits, with what would help where it does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from milepost.cost.cost_count import budgeted, limits_of, stored
from milepost.cost.object_sizes import sizes
from milepost.cost.workload_counts import WorkloadCounts
from milepost.diagnostics import Code, Related, Severity, Sink
from milepost.model import kinds
from milepost.model.cluster_cost import CostFigure
from milepost.model.cluster_limits import BY_NAME, NEAR
from milepost.model.manifest import ManifestTemplate
from milepost.model.plan import Plan

MP5040 = Code(
    "MP5040",
    "cluster above a limit",
    "Kubernetes is tested up to published limits; beyond them it gets slow, and nobody has promised that it works. An "
    "organisation that has seen its clusters carry more sets `clusterLimits` in a Policy, and answers for it.",
    "kind: Policy\nspec: {clusterLimits: {nodes: 10}}\n# and a province of 12 nodes\n",
)
MP5041 = Code(
    "MP5041",
    "cluster close to a limit",
    "Above 70 % of a limit there is time to decide what comes next: a province of its own for some station groups, or a "
    "limit that was tried.",
    "kind: Policy\nspec: {clusterLimits: {nodes: 10}}\n# and a province of 8 nodes\n",
    Severity.WARNING,
)


_LARGEST_MEAN = 16 * 1024
"""Bytes that the objects of a province do not have on the average: those of the generated fleet have 1,700. A province
whose limit this mean does not reach is not measured further."""
_FEW = 1_000


def check(plan: Plan, templates: Sequence[ManifestTemplate], sink: Sink) -> None:
    """Report each limit that is passed or close."""
    limits = limits_of(plan)
    counts = WorkloadCounts(plan, templates)
    # A compile has no time to count what is far from its limit: a bound that is quick to find says
    # so nearly always.
    if all(bound <= NEAR * limits[name] for name, bound in bounds(counts)):
        return
    etcd = stored(counts, sum(sizes(templates).values()), counts.pods_of.total())
    for figure in budgeted(counts, limits, etcd):
        if figure.share is not None and figure.share > NEAR:
            _report(figure, plan, sink)


def bounds(counts: WorkloadCounts) -> Iterator[tuple[str, float]]:
    """No amount is above its bound."""
    of, nodes = counts.kinds, counts.nodes
    services, deployments = of[kinds.SERVICE.name], of[kinds.DEPLOYMENT.name]
    widest = max(counts.nodes_of.values(), default=0)
    yield "nodes", nodes
    yield "pods", counts.planned_pods + counts.other_pods(nodes)
    yield "namespaces", of[kinds.NAMESPACE.name]
    yield "services", services
    yield "podsPerNamespace", counts.most_planned_pods + counts.other_pods(widest)
    yield "servicesPerNamespace", _in_one(counts, kinds.SERVICE.name, services)
    yield "deploymentsPerNamespace", _in_one(counts, kinds.DEPLOYMENT.name, deployments)
    # A node never has two instances of one component; those of the province are few.
    yield "backendsPerService", max([widest, *counts.cloud_replicas])
    yield "daemonSetChecks", counts.daemon_sets * nodes
    yield (
        "etcdBytes",
        stored(counts, of.total() * _LARGEST_MEAN, counts.planned_pods + counts.other_pods(nodes)),
    )


def _in_one(counts: WorkloadCounts, kind: str, total: int) -> int:
    """The most objects of a kind in one namespace; all of them where they are few."""
    return total if total <= _FEW else max(counts.of_kind(kind).values(), default=0)


def _report(figure: CostFigure, plan: Plan, sink: Sink) -> None:
    province, limit = plan.fleet.province, BY_NAME[figure.name]
    over = figure.amount > (figure.limit or 0)
    where = f" ({figure.where})" if figure.where else ""
    setters = [own for own in plan.fleet.catalog.cluster_limits if own.most.get(figure.name) == figure.limit]
    related = [Related("the limit", own.origin.of(figure.name).span) for own in setters[:1]]
    accept = f"or set `clusterLimits.{figure.name}` in a Policy, where the organisation has seen more work"
    passed = f"more than {figure.limit:,}" if over else f"{figure.share:.0%} of the limit of {figure.limit:,}"
    sink.report(
        MP5040 if over else MP5041,
        f"{province.name} has {figure.amount:,.0f} {limit.counted}{where}, {passed}",
        province.origin.span,
        related=related,
        hint=limit.helps if setters else f"{limit.helps}; {accept}",
    )
