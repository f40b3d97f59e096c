"""Cost counts of one province: every figure with its amount, and its limit where it has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from milepost.cost import constants
from milepost.cost.object_sizes import sizes
from milepost.cost.workload_counts import WorkloadCounts, named
from milepost.model import kinds
from milepost.model.cluster_cost import ClusterCost, CostFigure
from milepost.model.cluster_limits import BY_NAME
from milepost.model.duration import seconds
from milepost.model.manifest import ManifestTemplate, StaticFile, unit_of
from milepost.model.plan import Plan

_REVISED = (kinds.DAEMON_SET.name, kinds.STATEFUL_SET.name)


def cluster_cost(
    plan: Plan, templates: Sequence[ManifestTemplate], texts: Iterable[StaticFile]
) -> ClusterCost:
    """Everything, counted anew: a tenth of a second for 10,000 nodes."""
    counts = WorkloadCounts(plan, templates)
    bytes_of = sizes(templates)
    found = [
        *budgeted(counts, limits_of(plan), stored(counts, sum(bytes_of.values()), counts.pods_of.total())),
        *_watching(plan, counts, bytes_of[kinds.SERVICE.name]),
        *_syncing(plan, templates, texts, counts),
    ]
    for kind, count in sorted(counts.kinds.items()):
        found.append(CostFigure("objectsOfKind", count, "", "objects of a kind", kind))
        found.append(
            CostFigure("bytesOfKind", bytes_of[kind], "B", "of the objects of a kind, as JSON", kind)
        )
    return ClusterCost(plan.fleet.province.name, tuple(found))


def limits_of(plan: Plan) -> Mapping[str, int]:
    """Limit to the most that holds here: the lowest of what Policies set, or else upstream's."""
    given = [own.most for own in plan.fleet.catalog.cluster_limits]
    return {
        name: min([most[name] for most in given if name in most], default=row.most)
        for name, row in BY_NAME.items()
    }


def budgeted(counts: WorkloadCounts, limits: Mapping[str, int], etcd: int) -> Iterator[CostFigure]:
    """What has a limit, in order of ``LIMITS``."""
    found: dict[str, tuple[float, str]] = {
        "nodes": (counts.nodes, ""),
        "pods": (counts.pods_of.total(), ""),
        "namespaces": (counts.kinds[kinds.NAMESPACE.name], ""),
        "services": (counts.kinds[kinds.SERVICE.name], ""),
        "podsPerNamespace": _most(counts.pods_of),
        "servicesPerNamespace": _most(counts.of_kind(kinds.SERVICE.name)),
        "deploymentsPerNamespace": _most(counts.of_kind(kinds.DEPLOYMENT.name)),
        "backendsPerService": _most(counts.backends),
        "daemonSetChecks": (counts.daemon_sets * counts.nodes, ""),
        "etcdBytes": (etcd, ""),
    }
    for name, (amount, where) in found.items():
        unit = "B" if name == "etcdBytes" else ""
        meaning = BY_NAME[name].counted.removeprefix("bytes ")
        yield CostFigure(name, amount, unit, meaning, where, limits[name])


def _most(found: Mapping[str, int]) -> tuple[float, str]:
    """The largest, and whose it is; the first by name of several."""
    where = min(found, key=lambda name: (-found[name], name), default="")
    return found.get(where, 0), where


def stored(counts: WorkloadCounts, rendered: int, pods: int) -> int:
    """Bytes in etcd once all of it runs and three versions of everything have gone by; events and fragments aside."""
    kept = constants.KEPT_REVISIONS.value
    found = counts.kinds
    return round(
        rendered * constants.STORED.value
        + pods * constants.POD_BYTES.value
        + counts.nodes * constants.NODE_BYTES.value
        + found[kinds.DEPLOYMENT.name] * kept * constants.REPLICA_SET_BYTES.value
        + sum(found[kind] for kind in _REVISED) * kept * constants.REVISION_BYTES.value
        + found[kinds.SERVICE.name] * constants.SLICE_BYTES.value
    )


def _watching(plan: Plan, counts: WorkloadCounts, service_bytes: int) -> Iterator[CostFigure]:
    """What nodes are told of, where EdgeMesh runs on all of them and leaves out no Service."""
    services = counts.kinds[kinds.SERVICE.name]
    listed = service_bytes + services * (constants.SERVICE_ADDED.value + constants.ENDPOINTS_BYTES.value)
    listed += counts.addresses * constants.ADDRESS_BYTES.value
    slowest = min(
        [s.access.down for g in plan.fleet.province.groups for s in g.stations if s.access is not None],
        default=None,
    )
    yield CostFigure(
        "daemonSetPass",
        counts.daemon_sets * counts.nodes * constants.SYNC_SECONDS.value,
        "s",
        "of one processor, for kube-controller-manager to go over all DaemonSets when it starts",
    )
    yield CostFigure(
        "nodeChange",
        counts.daemon_sets * constants.WALK_SECONDS.value,
        "s",
        "of one thread of kube-controller-manager, when one node joins, comes back or gets a label",
    )
    yield CostFigure("daemonSets", counts.daemon_sets, "", "DaemonSets")
    yield CostFigure(
        "watches", counts.nodes * constants.WATCHES.value, "", "watches that EdgeMesh agents keep"
    )
    yield CostFigure(
        "listBytes", listed, "B", "of Services and Endpoints to an EdgeMesh agent that connects anew"
    )
    if slowest:
        yield CostFigure(
            "listSeconds", listed * 8 / slowest, "s", "for that over the slowest line of a station"
        )


def _syncing(
    plan: Plan, templates: Sequence[ManifestTemplate], texts: Iterable[StaticFile], counts: WorkloadCounts
) -> Iterator[CostFigure]:
    """What the agent does at an interval, and at a commit that all units see."""
    sync = plan.fleet.province.sync
    rate, burst, _ = constants.CLIENT_LIMITS.get(sync.engine, constants.OTHER_LIMITS)
    # The agent is pointed at `sync` by hand, as a unit above all others.
    built = (text for text in texts if f"\nkind: {kinds.KUSTOMIZATION.name}\n" in text.text)
    units = {unit_of(text.path) for text in built} - {"sync"}
    objects = sum(
        len(list(named(template))) * sum(unit_of(instance.path) in units for instance in template.instances)
        for template in templates
    )
    yield CostFigure("objects", counts.kinds.total(), "", "objects")
    yield CostFigure("builds", len(units), "", "units that the agent builds at an interval")
    yield CostFigure("dryRuns", objects, "", "objects that the agent compares at an interval")
    yield CostFigure("interval", seconds(sync.interval), "s", "between two looks of the agent")
    yield CostFigure(
        "syncSeconds",
        max(0, objects - burst) / rate,
        "s",
        "for these comparisons at the limits of the agent's client",
    )
