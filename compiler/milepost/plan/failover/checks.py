"""Failover checks: how a node asks its own components whether they serve, by their readiness probes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from milepost.diagnostics import Code, Sink
from milepost.model.fleet import Component

MP4101 = Code(
    "MP4101",
    "component cannot serve behind an address",
    "Whoever calls a virtual address comes to a port of the node itself, so what answers there uses the node's network "
    "(`hostNetwork`) and has a port. keepalived asks it by its readiness probe, over HTTP or TCP: a command of its image is "
    "out of reach. Instances without an address are reached through their Service.",
    "components: [{name: gateway, image: gateway, replicas: 2}]\ntopology: [{standby: [gateway], address: cameras}]\n",
)


def checks(components: Sequence[Component], sink: Sink) -> tuple[str, ...] | None:
    """What must succeed on a node, such as ``http:8100/ready``; None after a diagnostic."""
    found: list[str] = []
    faults = len(sink)
    for component in components:
        problem = _problem(component)
        if problem is not None:
            said, where, hint = problem
            message = f'"{component.name}" cannot serve behind an address: {said}'
            sink.report(MP4101, message, component.origin.of(*where).span, hint=hint)
        else:
            found += _checks(component)
    return tuple(found) if len(sink) == faults else None


def _problem(component: Component) -> tuple[str, tuple[str, ...], str] | None:
    """What is wrong, where, and what helps."""
    settings, probe = component.settings, component.settings.probes.readiness
    if settings.edge_application:
        return "KubeEdge gives its pods no order", ("edgeApplication",), "remove edgeApplication"
    if not settings.host_network:
        return "it does not use its node's network", ("name",), "set hostNetwork: true"
    if not settings.ports:
        return "it has no port", ("name",), "give it the port that clients call"
    if probe is None:
        return "nothing says whether it serves", ("name",), "give it a readiness probe with http or tcp"
    if probe.http is None and probe.tcp is None:
        return "its readiness probe is a command of its image", ("probes", "readiness"), "ask by http or tcp"
    return None


def _checks(component: Component) -> Iterator[str]:
    probe = component.settings.probes.readiness
    if probe is not None and probe.http is not None:
        yield f"http:{probe.http.port}{probe.http.path}"
    elif probe is not None:
        yield f"tcp:{probe.tcp}"
