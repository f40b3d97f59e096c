"""Shared pods: components that rules put into one pod, and whether they can share it."""

from __future__ import annotations

from collections.abc import Sequence

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import Application, Component
from milepost.model.origin import DocumentOrigin

MP4006 = Code(
    "MP4006",
    "components cannot share a pod",
    "Containers of one pod start, move and are counted together. So components that share a pod need the same number "
    "of replicas, the same kind of workload, one architecture rule, and ports of their own; on every matching node they "
    "need the same node selector, since otherwise a node would match one and not the other.",
    "topology: [{together: [lane, station-service]}]\n# lane runs on every node, station-service with 2 replicas\n",
)


def sharing(application: Application, sink: Sink) -> list[list[Component]]:
    """Components by the pod that they share, in the order of the spec."""
    leader = {c.name: c.name for c in application.components}
    for rule, at in application.topology:
        if rule.together and rule.form == "pod":
            first = leader[rule.together[0]]
            for name in rule.together[1:]:
                old = leader[name]
                # Rules may overlap (a with b, b with c): all who followed the old leader follow
                # the new one. A dozen components do not need a union-find.
                leader = {n: first if x == old else x for n, x in leader.items()}
            _check_shareable([c for c in application.components if leader[c.name] == first], at, sink)
    found: dict[str, list[Component]] = {}
    for component in application.components:
        found.setdefault(leader[component.name], []).append(component)
    for name, members in found.items():
        # The leader first, the rest as in the spec (the sort is stable): the first component
        # names the workload, and its name must not change when another joins.
        members.sort(key=lambda c: c.name != name)
    return list(found.values())


def _check_shareable(members: Sequence[Component], at: DocumentOrigin, sink: Sink) -> None:
    first, *others = members
    for other in others:
        difference = _difference(first, other)
        if difference is not None:
            sink.report(
                MP4006,
                f'"{first.name}" and "{other.name}" cannot share a pod: {difference}',
                at.span,
                related=[Related(f'"{c.name}" is described here', c.origin.span) for c in (first, other)],
                hint="make them alike, or keep them together with `as: affinity`",
            )
    _check_ports(members, at, sink)
    _check_volumes(members, at, sink)


def _check_ports(members: Sequence[Component], at: DocumentOrigin, sink: Sink) -> None:
    ports: dict[tuple[int, str], Component] = {}
    for component in members:
        for index, port in enumerate(component.settings.ports):
            twin = ports.setdefault((port.port, port.protocol), component)
            if twin is not component:
                sink.report(
                    MP4006,
                    f'"{twin.name}" and "{component.name}" share a pod and both listen on port {port.port}',
                    component.origin.of("ports", index, "port").span,
                    related=[Related("they share a pod by this rule", at.span)],
                )


def _check_volumes(members: Sequence[Component], at: DocumentOrigin, sink: Sink) -> None:
    """Volumes of a pod are named component-volume: ``lane`` with ``box-log`` is ``lane-box`` with ``log``."""
    volumes: dict[str, Component] = {}
    for component in members:
        for index, volume in enumerate(component.settings.volumes):
            twin = volumes.setdefault(f"{component.name}-{volume.name}", component)
            if twin is not component:
                sink.report(
                    MP4006,
                    f'"{twin.name}" and "{component.name}" share a pod and have a volume {component.name}-{volume.name}',
                    component.origin.of("volumes", index, "name").span,
                    related=[Related("they share a pod by this rule", at.span)],
                )


def _difference(first: Component, other: Component) -> str | None:
    if first.settings.replicas != other.settings.replicas:
        return f"replicas {first.settings.replicas} and {other.settings.replicas}"
    if first.workload != other.workload:
        return f"a {first.workload} and a {other.workload}"
    if first.settings.cron != other.settings.cron:
        return "different schedules"
    # Counted instances may differ here: the pod takes both selectors together. On every node
    # that would silently take nodes away from one of them.
    if first.on_all_nodes and first.selector != other.selector:
        return "different nodes"
    if first.settings.host_network != other.settings.host_network:
        return "one uses the node's network and one does not"
    if ("" in first.image.repositories) != ("" in other.image.repositories):
        return "one image is multi-architecture and one has a repository per architecture"
    return (
        "edgeApplication differs"
        if first.settings.edge_application != other.settings.edge_application
        else None
    )
