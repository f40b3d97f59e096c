"""The station solver: one station's pods to its workloads, on which nodes, and whether that can ever fail.

Stations of one signature are one problem: it is solved once, and what cannot be is reported once, with a count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from milepost.model import kinds
from milepost.model.duration import seconds
from milepost.model.fleet import Node, Station
from milepost.model.plan import ALL_NODES, PodLoad, Workload
from milepost.model.record import by_value
from milepost.model.resource_request import total
from milepost.plan.capacity.pod_requests import room
from milepost.plan.placement.pods import Pod, most_at_once
from milepost.plan.placement.selector_matching import node_fits


@by_value
class PlacementProblem:
    """A placement problem: which pod cannot be placed, what is wrong, what would help, and the position of a node that shows it."""

    code: str
    pod: Pod
    message: str
    hint: str
    node: int | None = None


@dataclass(slots=True)
class PlacementSolution:
    """The workloads of every station of one signature, and what is wrong with it."""

    workloads: tuple[Workload, ...]
    loads: tuple[PodLoad, ...] = ()
    problems: list[PlacementProblem] = field(default_factory=list)


class _Fit(NamedTuple):
    """The pods that may run on a node, and those that only its architecture keeps from it."""

    runs: frozenset[Pod]
    lacks: frozenset[Pod]


class PlacementSolver:
    """Caches its decisions by pod and kind of node, since stations that differ in one pod or node share the others."""

    def __init__(self, pods: Sequence[Pod]) -> None:
        self._pods = pods
        self._fits: dict[object, _Fit] = {}
        self._decided: dict[object, tuple[PodLoad, tuple[Workload, ...]]] = {}

    def solve(self, station: Station, pods: Sequence[Pod], kinds: Sequence[object]) -> PlacementSolution:
        """Decide for ``station``; ``pods`` are those of every application that is placed there.

        Nodes of one of ``kinds`` are the same in the eyes of every selector.
        """
        fits = [self._fit(station, node, kind) for node, kind in zip(station.nodes, kinds, strict=True)]
        eligible = {pod.label: tuple([n for n, fit in enumerate(fits) if pod in fit.runs]) for pod in pods}
        solution = PlacementSolution(())
        workloads: list[Workload] = []
        loads: list[PodLoad] = []
        for pod in pods:
            lacking = next((n for n, fit in enumerate(fits) if pod in fit.lacks), None)
            problem = _problem(pod, pods, eligible, station, lacking)
            if problem is not None:
                # The pod is left out of the loads either way. Counting a pod that cannot be
                # placed would report its neighbours as short of room.
                if not _told(problem, solution.problems):
                    solution.problems.append(problem)
                continue
            roomy = not pod.on_all_nodes and _room(pod, pods, eligible, station)
            load, own = self._decide(pod, eligible[pod.label], station, roomy=roomy)
            loads.append(load)
            workloads += own
        solution.workloads, solution.loads = tuple(workloads), tuple(loads)
        return solution

    def _fit(self, station: Station, node: Node, kind: object) -> _Fit:
        key = (station.type, kind)
        if key not in self._fits:
            fitting = frozenset([pod for pod in self._pods if node_fits(pod.selectors, node, station)])
            # Kept apart from those that only lack a build: "no image for arm64" is a fault to
            # report, while a node that a selector leaves out is a decision.
            runs = frozenset([pod for pod in fitting if node.profile.architecture in pod.platforms])
            self._fits[key] = _Fit(runs, fitting - runs)
        return self._fits[key]

    def _decide(
        self, pod: Pod, nodes: tuple[int, ...], station: Station, *, roomy: bool
    ) -> tuple[PodLoad, tuple[Workload, ...]]:
        built = tuple([station.nodes[index].profile.architecture for index in nodes])
        slots = _slots(station, nodes) if needs_slots(pod) else ()
        # Positions and not names: stations that differ in names alone share one decision.
        key = (pod, nodes, built, slots, roomy)
        if key not in self._decided:
            workloads = _workloads(pod, nodes, built, slots, roomy=roomy) if pod.per_station else ()
            self._decided[key] = _load(pod, nodes, roomy=roomy), workloads
        return self._decided[key]


def _load(pod: Pod, nodes: tuple[int, ...], *, roomy: bool) -> PodLoad:
    # KubeEdge makes the Deployments of an EdgeApplication, all from one template without a surge.
    surge = roomy and pod.main.workload == kinds.DEPLOYMENT.name and not pod.main.settings.edge_application
    return PodLoad(
        application=pod.application.name,
        edition=pod.application.key,
        members=tuple(c.name for c in pod.components),
        nodes=nodes,
        instances=len(nodes) if pod.on_all_nodes else pod.replicas,
        apart=frozenset(pod.apart),
        bound=pod.bond is not None,
        surge=surge,
        request=pod.request,
        listens=pod.listens,
    )


def _told(problem: PlacementProblem, known: Sequence[PlacementProblem]) -> bool:
    """Whether the other side of the same rule has been reported: two pods that block each other are one cause."""
    return problem.code == "MP4004" and any(
        other.code == "MP4004" and other.pod.label in problem.pod.apart for other in known
    )


def group_workload(pod: Pod) -> tuple[Workload, ...]:
    """The DaemonSets of a station group: one, or one per architecture. A node that joins later is matched by them."""
    base = replace(
        base_workload(pod, "station-group"),
        max_unavailable=ALL_NODES,
        reason="runs on every matching node, so one DaemonSet serves the group and nodes that join later",
    )
    return _variants(base, pod, pod.platforms)


def _problem(
    pod: Pod,
    pods: Sequence[Pod],
    eligible: dict[str, tuple[int, ...]],
    station: Station,
    lacking: int | None,
) -> PlacementProblem | None:
    """What is wrong with the pod; ``lacking`` is the first node that the selectors fit and an image does not."""
    nodes = eligible[pod.label]
    wanted = len(nodes) if pod.on_all_nodes else pod.replicas
    if lacking is not None:
        return _architecture_hole(pod, station, lacking)
    if len(nodes) < wanted:
        need = "it needs a node" if wanted == 1 else f"{wanted} replicas need {wanted} nodes"
        return PlacementProblem(
            "MP4001",
            pod,
            f"{need}, and {_fit(nodes)}",
            "lower replicas, add nodes, or widen the component's node selector",
        )
    if pod.main.workload == kinds.STATEFUL_SET.name and len(nodes) != wanted:
        return PlacementProblem(
            "MP4002",
            pod,
            f"{_fit(nodes)}, and {_instances(wanted, 'keeps', 'keep')} data",
            "give the nodes that hold the data a role or label of their own and select it",
        )
    rivals = [o for o in pods if o.label in pod.apart and o is not pod] if pod.apart else ()
    # The scheduler places in any order: each rival counts as taking a node that this pod could have had.
    blocked = sum(
        min(
            len(eligible[o.label]) if o.on_all_nodes else o.replicas, len(set(nodes) & set(eligible[o.label]))
        )
        for o in rivals
    )
    if len(nodes) - blocked < wanted:
        return PlacementProblem(
            "MP4004",
            pod,
            f"{_fit(nodes)}, and pods that it must stay apart from may take {blocked} of them",
            "narrow the node selectors so that each side has nodes of its own",
        )
    if pod.survives and wanted <= pod.survives:
        return PlacementProblem(
            "MP4005",
            pod,
            f"it must survive the loss of {_nodes(pod.survives)} and has {_instances(wanted)}",
            "raise replicas or add nodes, or lower survives",
        )
    mixed = split(pod) and len({station.nodes[index].profile.architecture for index in nodes}) > 1
    limited = pod.survives or pod.at_once
    if limited and (pod.main.workload == kinds.STATEFUL_SET.name or (pod.on_all_nodes and mixed)):
        return _restarts_at_once(pod)
    if not pod.on_all_nodes and mixed:
        return PlacementProblem(
            "MP4009",
            pod,
            "its nodes are of several architectures, and its image has one repository for each",
            "restrict nodes.architectures to one",
        )
    return _slot_problem(pod, station, nodes) if needs_slots(pod) else None


def needs_slots(pod: Pod) -> bool:
    """Whether its instances are told apart and keep data: then each needs an identity that outlives its node."""
    return pod.main.workload == kinds.STATEFUL_SET.name and pod.replicas > 1


def _slots(station: Station, nodes: Sequence[int]) -> tuple[str, ...]:
    """Of ``nodes``; all of them have one."""
    return tuple([station.nodes[index].row.slot or "" for index in nodes])


def _slot_problem(pod: Pod, station: Station, nodes: Sequence[int]) -> PlacementProblem | None:
    """A node without a slot, or two in one: their instances could only be told apart by the order of names."""
    taken: dict[str, int] = {}
    for index in nodes:
        node = station.nodes[index]
        slot = node.row.slot
        if slot is None:
            message = f"its {pod.replicas} instances keep data, and a node that it matches has no slot"
            hint = "give each of these nodes a `slot` of its own, such as 0 and 1"
            return PlacementProblem("MP4019", pod, message, hint, index)
        if slot in taken:
            message = f"its {pod.replicas} instances keep data, and two nodes that it matches are both in slot {slot}"
            return PlacementProblem(
                "MP4019", pod, message, "give each of these nodes a `slot` of its own", index
            )
        taken[slot] = index
    return None


def _restarts_at_once(pod: Pod) -> PlacementProblem:
    """Instances of several objects: a new version reaches all of them in one commit, and none waits for another."""
    if pod.on_all_nodes:
        kind = pod.main.workload
        why = (
            f"its image has one repository per architecture, so the nodes of each have a {kind} of their own"
        )
        hint = "lock one multi-architecture repository, or restrict nodes.architectures to one"
    else:
        why = "each of its instances is a StatefulSet of its own, which stays with its data"
        hint = (
            "make it a Deployment with hostPath volumes and as many nodes as replicas, or leave survives out"
        )
    return PlacementProblem("MP4016", pod, f"{why}, and all restart at once when its version changes", hint)


def _fit(nodes: Sequence[int]) -> str:
    return "no node fits" if not nodes else f"{_nodes(len(nodes))} {'fits' if len(nodes) == 1 else 'fit'}"


def _nodes(count: int) -> str:
    return "1 node" if count == 1 else f"{count} nodes"


def _instances(count: int, one: str = "", many: str = "") -> str:
    return f"1 instance {one}".strip() if count == 1 else f"{count} instances {many}".strip()


def _architecture_hole(pod: Pod, station: Station, index: int) -> PlacementProblem:
    architecture = station.nodes[index].profile.architecture
    images = ", ".join(name for name, platforms in pod.builds if architecture not in platforms)
    hint = "lock a version that covers it, or restrict nodes.architectures"
    return PlacementProblem("MP4009", pod, f"{images} has no build for {architecture}", hint, index)


def split(pod: Pod) -> bool:
    """Whether its image has a repository for each architecture, so that each needs a workload of its own."""
    return "" not in pod.main.image.repositories


def _workloads(
    pod: Pod, nodes: Sequence[int], built: Sequence[str], slots: Sequence[str], *, roomy: bool
) -> tuple[Workload, ...]:
    """``built`` are the architectures of ``nodes``, and ``slots`` their slots where instances are told apart by them."""
    # Sorted: one DaemonSet or Deployment for each architecture, in an order that adding a node
    # does not change.
    base, present = base_workload(pod, "station"), sorted(set(built))
    if pod.every_node and pod.survives:
        reason = "runs on every matching node, and one restarts at a time, so each station has a DaemonSet"
        return _variants(replace(base, max_unavailable=1, reason=reason), pod, present)
    if pod.every_node and pod.at_once:
        limit = most_at_once(pod, len(nodes))
        reason = f"runs on every matching node, and {_at_once(limit)}, so each station has a DaemonSet"
        return _variants(replace(base, max_unavailable=limit, reason=reason), pod, pod.platforms)
    if pod.every_node:
        reason = "runs on every matching node, with values of its station, so each station has a DaemonSet"
        # Nodes behind a cut line count as unavailable, and with a lower number they would hold
        # up the rollout for all others (ADR 0005). All architectures and not only those
        # present, so that a node that joins later is served without a commit.
        return _variants(replace(base, max_unavailable=ALL_NODES, reason=reason), pod, pod.platforms)
    if pod.on_all_nodes:
        return _on_known_nodes(base, pod, built)
    if pod.main.workload == kinds.STATEFUL_SET.name:
        # Never the order of names: replacing a machine would give a healthy one the data
        # directory of another instance (ADR 0023).
        identities: Sequence[str | None] = slots or [None] * len(nodes)
        return tuple(
            variant
            for slot, index, architecture in sorted(zip(identities, nodes, built, strict=True), key=_by_slot)
            for variant in _variants(
                replace(
                    base,
                    replicas=1,
                    pin=index,
                    instance=slot,
                    reason="keeps data, so the instance is pinned to the node that holds it",
                ),
                pod,
                (architecture,),
            )
        )
    why = "a node is free for the new pod" if roomy else "no node is surely free, so the old pod goes first"
    reason = f"{pod.replicas} of {len(nodes)} matching nodes; {why}"
    return _variants(replace(base, surge=roomy, reason=reason), pod, present)


def _on_known_nodes(base: Workload, pod: Pod, built: Sequence[str]) -> tuple[Workload, ...]:
    """A Deployment with an instance for each node, or one for the nodes of each architecture."""
    reason = "runs on every matching node of the inventory, so its instances are counted and each station has a Deployment"
    # As with DaemonSets: a node behind a cut line must not hold up the others, unless some of them
    # have to serve meanwhile.
    limit = most_at_once(pod, len(built))
    if limit < ALL_NODES:
        reason += f"; {_at_once(limit)}"
    counted = replace(base, max_unavailable=limit, reason=reason)
    return tuple(
        replace(variant, replicas=count)
        for variant in _variants(counted, pod, sorted(set(built)))
        if (count := sum(architecture in variant.architectures for architecture in built))
    )


def _at_once(limit: int) -> str:
    return "one restarts at a time" if limit == 1 else f"at most {limit} restart at once"


def _by_slot(instance: tuple[str | None, int, str]) -> str:
    """In the order of slots, so that stations with the same instances have them in the same order."""
    return instance[0] or ""


def base_workload(pod: Pod, scope: str) -> Workload:
    """What follows from the pod alone, wherever it runs."""
    apart = {(label, other.per_station) for label, (other, _) in pod.apart.items()}
    # Instances of a StatefulSet are pinned to a node each, so nothing needs to keep them apart.
    # Where there is one on each node, also at a station of one node: a second node must not change
    # the pods of the first.
    several = pod.replicas > 1 or (pod.on_all_nodes and not pod.every_node)
    if several and pod.main.workload != kinds.STATEFUL_SET.name:
        apart.add((pod.label, True))
    return Workload(
        application=pod.application.name,
        edition=pod.application.key,
        members=tuple(c.name for c in pod.components),
        kind=kinds.EDGE_APPLICATION.name if pod.main.settings.edge_application else pod.main.workload,
        scope=scope,
        replicas=pod.replicas,
        terms=pod.terms,
        architectures=pod.platforms,
        apart=tuple(sorted(apart)),
        near=pod.near,
        bond=pod.bond,
        min_ready=_min_ready(pod) if pod.survives or pod.at_once else 0,
    )


def _min_ready(pod: Pod) -> int:
    """Seconds before the next instance may restart, where no probe finds out when this one serves."""
    return max(
        (seconds(c.settings.start) for c in pod.components if c.settings.probes.readiness is None), default=0
    )


def _variants(base: Workload, pod: Pod, present: Sequence[str]) -> tuple[Workload, ...]:
    """One workload, or one per architecture where the image has a repository for each."""
    if not split(pod):
        return (base,)
    return tuple(replace(base, variant=arch, architectures=(arch,)) for arch in present)


def _room(pod: Pod, pods: Sequence[Pod], eligible: dict[str, tuple[int, ...]], station: Station) -> bool:
    """Whether a node is surely free for one more pod while the old ones still run, in the worst placement."""
    nodes = eligible[pod.label]
    # A second pod cannot have the same port of the node, and two programs must not write to the
    # same directory. Such a pod cannot start before the old one is gone.
    exclusive = bool(pod.listens) or any(v.host_path for c in pod.components for v in c.settings.volumes)
    if exclusive or pod.apart or pod.bond or pod.near or len(nodes) <= pod.replicas:
        return False
    return all(_fits_twice(pod, pods, eligible, index, station.nodes[index]) for index in nodes)


def _fits_twice(
    pod: Pod, pods: Sequence[Pod], eligible: dict[str, tuple[int, ...]], index: int, node: Node
) -> bool:
    """Whether ``node`` holds every pod that may land there, ``pod`` among them. Requests are what the scheduler sees."""
    here = [p.request for p in pods if index in eligible[p.label]]
    # A single instance does not keep away from itself: the new pod may stand beside the old one.
    return total([*here, pod.request] if pod.replicas == 1 else here).within(room(node.profile))
