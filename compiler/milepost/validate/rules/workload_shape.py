"""Workload properties: what a component says about its workload fits together."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code, Sink
from milepost.model import kinds
from milepost.model.document import Path
from milepost.model.parsed import ParsedSpec
from milepost.model.pod_template import mapping
from milepost.model.spec.application import ComponentEntry

MP2024 = Code(
    "MP2024",
    "property does not fit the workload",
    "Every matching node means a DaemonSet; a number of instances means a Deployment, StatefulSet, Job or CronJob, "
    "and a CronJob has a schedule. A local "
    "volume stays with one instance, so it needs a StatefulSet. KubeEdge copies only Deployments per node group, "
    "so only a Deployment can be lowered to an EdgeApplication.",
    "components:\n  - {name: lane, image: lane, workload: StatefulSet, replicas: every-node}\n",
)


def check(spec: ParsedSpec, sink: Sink) -> None:
    for parsed in spec.applications.values():
        for index, component in enumerate(parsed.model.spec.components):
            for path, message, hint in _faults(component):
                at = ("spec", "components", index, *path)
                sink.report(MP2024, message, parsed.document.span(*at), hint=hint)


def _faults(component: ComponentEntry) -> Iterator[tuple[Path, str, str]]:
    every_node = component.replicas == "every-node"
    known_nodes = component.replicas == "every-known-node"
    workload = component.workload_kind.name
    if every_node and workload != kinds.DAEMON_SET.name:
        yield (
            ("workload",),
            f"a {workload} cannot run on every node",
            "leave workload out, or give a number of replicas",
        )
    if not every_node and workload == kinds.DAEMON_SET.name:
        yield ("workload",), "a DaemonSet runs on every matching node", "say replicas: every-node"
    elif known_nodes and workload != kinds.DEPLOYMENT.name:
        yield (
            ("workload",),
            f"a {workload} does not run on every known node",
            "leave workload out, or give a number of replicas",
        )
    if known_nodes and component.edge_application:
        message = "KubeEdge gives all node groups the same number of replicas"
        yield ("edgeApplication",), message, "leave edgeApplication out, or give a number of replicas"
    if component.edge_application and workload != kinds.DEPLOYMENT.name:
        yield (
            ("edgeApplication",),
            f"KubeEdge cannot copy a {workload} per node group",
            "leave edgeApplication out",
        )
    for index, volume in enumerate(component.volumes):
        if volume.local and workload != kinds.STATEFUL_SET.name:
            yield (
                ("volumes", index, "local"),
                f"a local volume needs a StatefulSet, not a {workload}",
                "use hostPath",
            )
        outside = volume.host_path or (volume.local.path if volume.local else "")
        if ".." in outside.split("/"):
            path = ("hostPath",) if volume.host_path else ("local", "path")
            yield (
                ("volumes", index, *path),
                "a path of the node cannot lead upward",
                "write the path without ..",
            )
    if (workload == kinds.CRON_JOB.name) != (component.cron is not None):
        yield (
            ("cronJob",) if component.cron else ("workload",),
            f"a {workload} has no schedule" if component.cron else "a CronJob needs a schedule",
            "leave cronJob out, or say workload: CronJob"
            if component.cron
            else "say cronJob: {schedule: ...}",
        )
    if workload == kinds.CRON_JOB.name and "jobTemplate" in mapping((component.patch or {}).get("spec")):
        yield ("patch", "spec", "jobTemplate"), "a patch of a CronJob's pods goes past all checks", "use from"
    if component.at_once is not None and not (every_node or known_nodes):
        message = "its instances restart one at a time already, or it has a single one"
        yield ("atOnce",), message, "leave atOnce out, or say replicas: every-node"
    elif component.at_once is not None and component.survives:
        yield ("atOnce",), "with survives one restarts at a time already", "leave one of the two out"
    if workload in kinds.BATCH and component.survives:
        yield ("survives",), "a Job ends, so it cannot survive the loss of nodes", "leave survives out"
