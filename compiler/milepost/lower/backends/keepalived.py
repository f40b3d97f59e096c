"""keepalived: a DaemonSet for each station group with virtual addresses, and a ConfigMap that each node finds itself in.

The pods need no cloud at run time: what a node is to do stands in its file, and it finds the file by its own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from milepost.diagnostics import Code, Related, Severity, Sink
from milepost.lower.backend import PlacedManifest
from milepost.lower.keepalived_config import FOLDER, RUN, SCRIPT, configuration
from milepost.lower.mirror import digest
from milepost.lower.pod import TOLERATIONS
from milepost.lower.registry_config import script
from milepost.lower.scope import EDGE
from milepost.model import kinds, layout
from milepost.model.failover import DAEMON_RESOURCES, FailoverPattern
from milepost.model.fleet import FailoverDaemon, StationGroup
from milepost.model.manifest import Manifest
from milepost.model.objects import kubernetes_object
from milepost.model.plan import ALL_NODES, Plan

MP4112 = Code(
    "MP4112",
    "configuration exceeds a ConfigMap",
    "A ConfigMap holds 1 MiB, and the nodes of a section with virtual addresses share one. Each takes about a kilobyte.",
    "# a station group of 600 gantry pairs, each with two addresses\n",
)
MP4114 = Code(
    "MP4114",
    "configuration close to the size of a ConfigMap",
    "More than 70 % of the 1 MiB that a ConfigMap holds are in use by the virtual addresses of a section.",
    "# a station group of 400 gantry pairs, each with two addresses\n",
    Severity.WARNING,
)
_MOST_BYTES = 1024 * 1024
NAME = "milepost-keepalived"
_LABELS = {"app.kubernetes.io/name": "keepalived", "app.kubernetes.io/managed-by": "milepost"}
STEP = 10
"""Seconds between two nodes of one address that stop or read a new configuration; more than an address takes to move."""


def lower_province(plan: Plan, sink: Sink) -> Iterable[PlacedManifest]:
    daemon = plan.fleet.catalog.failover
    if daemon is None or not plan.failovers.led:
        return
    for group in plan.fleet.province.groups:
        data = dict(_files(group, plan, daemon))
        if not data:
            continue
        _check_size(data, group, daemon, sink)
        path = layout.SHARED_PART.path(group=group.name, part="keepalived")
        reason = "which virtual addresses a node may have, and when it has them"
        body = kubernetes_object(
            kinds.CONFIG_MAP,
            NAME,
            namespace=group.name,
            labels=_LABELS,
            data={**data, SCRIPT: script(SCRIPT)},
        )
        yield PlacedManifest(path, Manifest(body, daemon.origin, reason))
        reason = "moves the virtual addresses of the group's stations between their nodes"
        yield PlacedManifest(path, Manifest(_daemon_set(group, plan, daemon), daemon.origin, reason))


def _check_size(data: dict[str, str], group: StationGroup, daemon: FailoverDaemon, sink: Sink) -> None:
    size = sum(len(name) + len(text) for name, text in data.items()) + len(script(SCRIPT))
    if size > _MOST_BYTES * 7 // 10:
        sink.report(
            MP4112 if size > _MOST_BYTES else MP4114,
            f'virtual addresses of station group "{group.name}" take {size // 1024} KiB of configuration, of {_MOST_BYTES // 1024}',
            group.origin.of("metadata", "name").span,
            related=[Related("keepalived is named here", daemon.origin.span)],
            hint="split the station group",
        )


def _files(group: StationGroup, plan: Plan, daemon: FailoverDaemon) -> Iterator[tuple[str, str]]:
    version = 3 if daemon.secret is None else 2
    for station in group.stations:
        led = plan.failovers.led.get(station.name, ())
        for index in sorted(plan.failovers.nodes(station)):
            text = configuration(station, index, led, plan.networks, version=version)
            yield f"{station.nodes[index].name}.conf", text


def _daemon_set(group: StationGroup, plan: Plan, daemon: FailoverDaemon) -> dict[str, Any]:
    labels = {**_LABELS, f"{plan.fleet.catalog.label_domain}/daemon": "keepalived"}
    # The script is read at the start alone; the files of nodes are looked at while it runs.
    annotations = {f"{plan.fleet.catalog.label_domain}/config": digest({SCRIPT: script(SCRIPT)})}
    metadata = {"labels": labels, "annotations": annotations}
    selector = {f"{plan.fleet.catalog.label_domain}/daemon": "keepalived"}
    return kubernetes_object(
        kinds.DAEMON_SET,
        NAME,
        namespace=group.name,
        labels=_LABELS,
        spec={
            "revisionHistoryLimit": 2,
            "selector": {"matchLabels": selector},
            "updateStrategy": {
                "type": "RollingUpdate",
                # The new pod is there, with its image, before the old one stops; it waits for the
                # lock. Nodes behind a cut line hold up nobody.
                "rollingUpdate": {"maxSurge": ALL_NODES, "maxUnavailable": 0},
            },
            "template": {"metadata": metadata, "spec": _pod(group, plan, daemon)},
        },
    )


def _pod(group: StationGroup, plan: Plan, daemon: FailoverDaemon) -> dict[str, Any]:
    domain = plan.fleet.catalog.label_domain
    return {
        "hostNetwork": True,
        "dnsPolicy": "Default",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "priorityClassName": "milepost-critical",
        "terminationGracePeriodSeconds": _turns(group, plan) * STEP,
        "nodeSelector": {**EDGE, f"{domain}/station-group": group.name},
        "affinity": {
            "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {
                    "nodeSelectorTerms": _terms(_patterns(group, plan), daemon)
                }
            }
        },
        "tolerations": TOLERATIONS,
        "containers": [_container(group, plan, daemon)],
        "volumes": [
            {"name": "config", "configMap": {"name": NAME}},
            # The password of the peers stands in a file here, and nowhere else.
            {"name": "run", "emptyDir": {"medium": "Memory", "sizeLimit": "4Mi"}},
            {"name": "host", "hostPath": {"path": "/run/milepost", "type": "DirectoryOrCreate"}},
        ],
    }


def _patterns(group: StationGroup, plan: Plan) -> list[FailoverPattern]:
    """Those that lead an address of the group, in their order."""
    led = {one.pattern for s in group.stations for one in plan.failovers.led.get(s.name, ())}
    return [pattern for pattern in plan.failovers.patterns if pattern in led]


def _turns(group: StationGroup, plan: Plan) -> int:
    """Nodes of one station that stop one after the other."""
    return max(len(plan.failovers.nodes(station)) for station in group.stations)


def _terms(patterns: Sequence[FailoverPattern], daemon: FailoverDaemon) -> list[dict[str, Any]]:
    """The nodes of any of the patterns; terms are ored."""
    built = [] if daemon.locked is None else sorted(daemon.locked.platforms)
    found: list[dict[str, Any]] = []
    for pattern in patterns:
        within = [
            ("kubernetes.io/arch", tuple(a for a in pattern.architectures if a in built)),
            *((key, (value,)) for key, value in pattern.terms.equal),
            *pattern.terms.within,
        ]
        listed = [{"key": key, "operator": "In", "values": list(values)} for key, values in within]
        for choice in pattern.terms.choices():
            there = [{"key": key, "operator": "Exists"} for key in choice]
            term = {"matchExpressions": [*listed, *there]}
            if term not in found:
                found.append(term)
    return found


def _container(group: StationGroup, plan: Plan, daemon: FailoverDaemon) -> dict[str, Any]:
    repository = daemon.image.repositories[""]
    named = plan.registry.repository(group.name, repository)
    run = ["/bin/sh", f"{FOLDER}/{SCRIPT}"]
    environment: list[dict[str, Any]] = [
        {"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}
    ]
    if daemon.secret is not None:
        reference = {"secretKeyRef": {"name": daemon.secret, "key": "password"}}
        environment.append({"name": "AUTH_PASSWORD", "valueFrom": reference})
    return {
        "name": "keepalived",
        "image": f"{named}@{daemon.image.digest(daemon.version, repository)}",
        "imagePullPolicy": "IfNotPresent",
        "command": [*run, "run"],
        "env": environment,
        "resources": DAEMON_RESOURCES,
        "lifecycle": {"preStop": {"exec": {"command": [*run, "release"]}}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN", "NET_RAW", "NET_BROADCAST"]},
            "readOnlyRootFilesystem": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "volumeMounts": [
            {"name": "config", "mountPath": FOLDER, "readOnly": True},
            {"name": "run", "mountPath": RUN},
            {"name": "host", "mountPath": "/run/milepost/host"},
        ],
    }
