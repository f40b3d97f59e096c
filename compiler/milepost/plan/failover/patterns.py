"""Failover patterns: what a rule comes to wherever its application runs, and whether it can hold at a station."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from milepost.diagnostics import Code, Related, Sink
from milepost.model.failover import FailoverPattern
from milepost.model.fleet import Application, FailoverDaemon, Fleet
from milepost.model.matchers import FailoverRule
from milepost.model.origin import DocumentOrigin
from milepost.model.plan import Placement, PodLoad, Workload
from milepost.plan.failover.checks import MP4101, checks
from milepost.plan.failover.timing import timing

MP4100 = Code(
    "MP4100",
    "availability pattern does not hold",
    "`standby` wants two instances at each station, `mutual` as many as it has addresses at least, each on a node of its "
    "own, and `active` so many that `min` of them serve while one restarts and after those are lost that `survives` counts. "
    "Components behind one address share a pod: otherwise a new version could take one of them on each node at once.",
    "components: [{name: gateway, image: gateway, replicas: 3}]\ntopology: [{standby: [gateway], address: cameras}]\n",
)
MP4104 = Code(
    "MP4104",
    "nothing moves virtual addresses",
    "A rule names a virtual address, and keepalived moves it between nodes. Which image has it the Fleet says, with "
    "`failover`; it is built for the architecture of every node that may have an address.",
    "topology: [{standby: [gateway], address: cameras}]\n# and a Fleet without failover\n",
)


def patterns(fleet: Fleet, placement: Placement, sink: Sink) -> tuple[FailoverPattern, ...]:
    """Those of every application that runs at a station of the province."""
    workloads = _by_member(placement)
    found = []
    for application in fleet.editions:
        for rule, at in application.failovers:
            used = workloads.get((application.key, rule.components[0]), ())
            if used and (made := _pattern(application, rule, used, at, fleet, sink)) is not None:
                found.append(made)
    return tuple(found)


def _by_member(placement: Placement) -> Mapping[tuple[str, str], Sequence[Workload]]:
    found: dict[tuple[str, str], list[Workload]] = {}
    for workload in placement.workloads():
        for member in workload.members:
            found.setdefault((workload.edition, member), []).append(workload)
    return found


def _pattern(
    application: Application,
    rule: FailoverRule,
    used: Sequence[Workload],
    at: DocumentOrigin,
    fleet: Fleet,
    sink: Sink,
) -> FailoverPattern | None:
    faults = len(sink)
    _check_pods(rule, used, at, sink)
    parts = {c.name: c for c in application.components}
    led = fleet.members(application.key, rule.components)
    daemon = fleet.catalog.failover
    if rule.addresses and daemon is None:
        sink.report(
            MP4104,
            "nothing moves the address of this rule",
            at.span,
            hint="give the Fleet failover: {image, version}",
        )
    if not rule.addresses:
        for component in led:
            if not (component.settings.service and component.settings.ports):
                message = f'"{component.name}" is reached by nobody: it has neither an address nor a Service'
                sink.report(
                    MP4101,
                    message,
                    component.origin.of("name").span,
                    hint="give it ports, or the rule an address",
                )
    asked = {
        name: checks([parts[member] for member in behind], sink) for name, behind in rule.addresses.items()
    }
    whole = daemon is not None and daemon.secret is not None
    times = timing(rule, led, whole=whole, at=at, sink=sink)
    if len(sink) > faults or times is None:
        return None
    architectures = tuple(sorted({a for workload in used for a in workload.architectures}))
    return FailoverPattern(
        application.key,
        rule,
        times,
        {name: found for name, found in asked.items() if found is not None},
        used[0].terms,
        architectures,
        at,
    )


def _check_pods(rule: FailoverRule, used: Sequence[Workload], at: DocumentOrigin, sink: Sink) -> None:
    """All components of the rule are in one pod; an address of a ring may lead to one of its own."""
    apart = [name for name in rule.components if any(name not in w.members for w in used)]
    if apart and rule.form != "mutual":
        sink.report(
            MP4100,
            f'"{rule.components[0]}" and "{apart[0]}" serve together and restart apart: a new version could take one on each node',
            at.span,
            hint="keep them in one pod with together, or give each a rule and an address of its own",
        )


def unheld(rule: FailoverRule, load: PodLoad, survives: int) -> str | None:
    """What is missing at a station where ``load`` is the pods of a rule, or None."""
    there = load.instances
    if rule.form == "standby" and there != 2:
        return f"a standby pair is two instances, and it has {there}"
    if rule.form == "mutual" and (there < len(rule.addresses) or not load.settled):
        return f"{len(rule.addresses)} addresses need as many nodes that all serve, and it has {there} of {len(load.nodes)}"
    if rule.form == "active":
        away = max(1, survives)
        if there - away < rule.least:
            return f"{rule.least} must serve while {away} may be away, and it has {there}"
    return None


def check_image(daemon: FailoverDaemon, nodes: Mapping[str, str], sink: Sink) -> None:
    """``nodes`` maps architectures of nodes with addresses to one that has it."""
    locked = daemon.locked
    if locked is None:
        if nodes:
            message = f'image "{daemon.image.name}" {daemon.version} is not in the lock file'
            sink.report(MP4104, message, daemon.origin.of("version").span, hint="run `milepost images lock`")
        return
    lacking = sorted(nodes.keys() - set(locked.platforms))
    for architecture in lacking:
        sink.report(
            MP4104,
            f'image "{daemon.image.name}" {daemon.version} has no build for {architecture}, which node {nodes[architecture]} is',
            daemon.origin.of("version").span,
            related=[Related("the image", daemon.image.origin.span)],
            hint="lock a version that covers it",
        )
