"""Interruption: how long an instance is away while its version changes, held against what its component allows.

The old pod may take all of its grace to stop, the line carries word of it and the new pod, then that starts and has to be
found ready. Where a node surely
has room the new pod starts first, and nobody is away. Where another instance serves behind the same Service meanwhile,
nobody is away either; where a virtual address leads to it, the address moves. Images are on the node by then, unless a
release says that it goes without a pre-pull.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from milepost.diagnostics import Code, Sink
from milepost.model import kinds
from milepost.model.component_settings import ContainerProbe
from milepost.model.duration import seconds
from milepost.model.failover import Failovers
from milepost.model.fleet import Component, Fleet
from milepost.model.plan import Placement, Workload
from milepost.model.rollout import Interruption, RolloutGaps
from milepost.plan.pass_order import Role
from milepost.plan.placement.slowest_lines import round_trip, slowest_lines
from milepost.plan.prepull.image_changes import ImageChanges
from milepost.plan.prepull.pull_groups import pull_groups

MP4083 = Code(
    "MP4083",
    "interruption exceeds its limit",
    "With `interruption` a component says how long an instance may be away while its version changes. The sum of the "
    "time to stop, the start of the pod, the start of the program, the probes until it counts as ready, and the pull of "
    "the image where nothing was pulled ahead, must not be longer.",
    "components: [{name: lane, image: lane, interruption: 10s, grace: 30s}]\n",
)
MP4084 = Code(
    "MP4084",
    "interruption limit without effect",
    "A Job ends, also one of a CronJob, so there is no instance that could be away.",
    "components: [{name: load, image: load, workload: Job, interruption: 10s}]\n",
)
POD_START = 4.1
"""Seconds from the new pod's creation to its first container, the image being there: the 99th percentile of KubeEdge's own
test with 100,000 nodes, whose lines took no time (median 1.7 s, 90th percentile 2.8 s)."""
ROUND_TRIPS = 2
"""Over the station's line: the node reports that the old pod has gone and hears that it may forget it; it is given the new
pod and says so. Only then is there anything to start."""


_LIMITED = (kinds.DEPLOYMENT.name, kinds.DAEMON_SET.name)
"""Kinds that keep to `maxUnavailable` while a version changes."""
ROLE = Role.CHECKS


def run(fleet: Fleet, placement: Placement, failovers: Failovers, sink: Sink) -> RolloutGaps:
    # Most fleets state no limit. Working out the pulls costs a pass over every station, so it
    # is not begun for nothing.
    if all(c.settings.interruption is None for c in fleet.components.values()):
        return RolloutGaps(())
    pulls, lines = _pulls(fleet, placement), slowest_lines(placement)
    moves = {
        (pattern.edition, name): pattern.timing.sick
        for pattern in failovers.patterns
        for behind in pattern.rule.addresses.values()
        for name in behind
    }
    longest: dict[tuple[str, str], Interruption] = {}
    for workload in placement.workloads():
        members = fleet.members(workload.edition, workload.members)
        for component in members:
            if component.settings.interruption is None:
                continue
            if workload.kind in kinds.BATCH:
                at = component.origin.of("interruption")
                sink.report(
                    MP4084, f'"{component.name}" is a {workload.kind}', at.span, hint="remove interruption"
                )
                continue
            line = lines.get(workload)
            trips = 0.0 if line is None else ROUND_TRIPS * round_trip(line)
            parts = _parts(component, workload, members, pulls.get(component.application, 0.0), trips)
            parts = _behind_address(parts, moves.get((component.edition, component.name), 0.0))
            # Between the old pod and the new one the node has to hear from CloudCore.
            cut = line.outage if line is not None and "the pod starts" in parts else None
            limit = seconds(component.settings.interruption)
            interruption = Interruption(component, limit, parts, cut)
            key = (component.application, component.name)
            # A component has a workload in each class of stations. The limit holds for all of
            # them, so the longest is the one to compare.
            if key not in longest or longest[key].seconds < interruption.seconds:
                longest[key] = interruption
    found = RolloutGaps(tuple([longest[key] for key in sorted(longest)]))
    for interruption in found.longest:
        if interruption.seconds > interruption.limit:
            _report(interruption, sink)
    return found


def _parts(
    component: Component, workload: Workload, members: Sequence[Component], pull: float, trips: float
) -> Mapping[str, float]:
    """The sum, in seconds; empty where another pod serves meanwhile."""
    late = max(members, key=lambda c: _start(c) + _found_ready(c))
    if _covered(component, workload):
        # Without a readiness probe Kubernetes counts a pod as ready when its container runs.
        # Then the old pod goes while the new program is still starting, unless
        # `minReadySeconds` covers that time.
        waited = component.settings.probes.readiness is not None or workload.min_ready >= _start(late)
        return {} if waited else {"its program starts": _start(late)}
    parts = {
        "the old pod stops": float(max(seconds(c.settings.grace) for c in members)),
        "the line carries it": round(trips, 2),
        "the image is pulled": pull,
        "the pod starts": POD_START,
        f"{late.name} starts": _start(late),
        "probes find it ready": _found_ready(late),
    }
    return {name: length for name, length in parts.items() if length}


def _behind_address(parts: Mapping[str, float], move: float) -> Mapping[str, float]:
    """What clients of a virtual address see: it moves to the other instance, unless this one is back before."""
    return {"its address moves": move} if 0.0 < move < sum(parts.values()) else parts


def _covered(component: Component, workload: Workload) -> bool:
    """Whether a pod serves in its place: a new one that starts first, or a twin behind the same Service."""
    # A twin helps clients only through a Service. Who talks to one node's port directly is cut
    # off while that pod restarts, and that is what a pod on the node's network is for.
    settings = component.settings
    served = settings.service and bool(settings.ports) and not settings.host_network
    one_at_a_time = workload.max_unavailable == 1 and workload.kind in _LIMITED
    twin = workload.replicas > 1 or (component.on_all_nodes and component.settings.survives > 0)
    return workload.surge or (served and one_at_a_time and twin)


def _start(component: Component) -> float:
    """Seconds until the program could serve, or until somebody asks it for the first time."""
    probes = [
        p for p in (component.settings.probes.startup, component.settings.probes.readiness) if p is not None
    ]
    return float(max([seconds(component.settings.start), *(probe.delay for probe in probes)]))


def _found_ready(component: Component) -> float:
    """Seconds by which probes see it late, at worst: one period each, and the readiness probe waits for the other."""
    probes: tuple[ContainerProbe | None, ...] = (
        component.settings.probes.startup,
        component.settings.probes.readiness,
    )
    return float(sum(probe.period for probe in probes if probe is not None))


def _pulls(fleet: Fleet, placement: Placement) -> dict[str, float]:
    """By application, where its release pulls nothing ahead: seconds of the longest pull over a node's own line."""
    found: dict[str, float] = {}
    for release in fleet.catalog.releases:
        # A rollback returns to images that are still on the disk: the budget check refuses what
        # would let the kubelet remove them.
        if release.without_prepull is None or release.rollback:
            continue
        groups = [g for wave in release.waves for g in sorted(wave.groups) if g in fleet.groups]
        stations = (s for name in groups for s in fleet.groups[name].stations)
        for pull_group in pull_groups(stations, ImageChanges(fleet, placement, release)):
            access = pull_group.node.access or pull_group.station.access
            size = sum(layer.size for layer in pull_group.change.layers)
            longest = size * 8 / access.down if access is not None else 0.0
            found[release.application] = max(longest, found.get(release.application, 0.0))
    return found


def _report(interruption: Interruption, sink: Sink) -> None:
    told = " + ".join(f"{name} {length:g} s" for name, length in interruption.parts.items())
    name = interruption.component.name
    longest = max(interruption.parts, key=lambda part: interruption.parts[part])
    sink.report(
        MP4083,
        f'an instance of "{name}" may be away for {interruption.seconds:g} s, and {interruption.limit} s are allowed: {told}',
        interruption.component.origin.of("interruption").span,
        hint=_HINTS.get(longest, "shorten grace, start or the periods of the probes"),
    )


_HINTS = {
    "the old pod stops": "shorten grace",
    "the image is pulled": "pull the images ahead: remove withoutPrepull from the release",
    "probes find it ready": "shorten the periods of the probes",
}
