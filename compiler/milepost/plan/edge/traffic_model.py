"""Management traffic: bytes that one node and one line carry, by a table of constants that each name their source.

Counted are messages between EdgeCore and CloudCore on an idle node, and what changes of the province send to it. A message
is its object, EdgeCore's envelope around it, and the framing of WebSocket, TLS, TCP and IP, each way.
"""

from __future__ import annotations

from typing import NamedTuple

from milepost.model.edge_traffic import ManagementIntervals
from milepost.model.versions import kubeedge


class Constant(NamedTuple):
    """Bytes, but where the unit says otherwise."""

    value: float
    source: str
    unit: str = "B"


class TrafficConstants(NamedTuple):
    """Everything that the model counts with."""

    framing: Constant = Constant(
        120, "WebSocket 8, TLS 1.2 record 29, TCP and IP 52, and an acknowledgement of 52 shared by two"
    )
    envelope: Constant = Constant(
        300,
        "beehive message header and route as JSON: ids, times, source, resource; measured on its Go types",
    )
    lease: Constant = Constant(200, "KubeEdge issue 3086: a Lease is 0.1 to 0.2 KB")
    node_status: Constant = Constant(1000, "KubeEdge issue 3086: a node status is about 1 KB")
    heartbeat: Constant = Constant(20, "EdgeHub's keepalive: a message whose content is the word ping")
    pod_status: Constant = Constant(1500, "a PodStatus of two containers as JSON")
    pod_changes: Constant = Constant(4, "an assumption: what an idle pod reports in an hour", "messages/h")
    idle_before: Constant = Constant(
        1700, "KubeEdge issue 6179: an idle node with five pods, before 1.23", "B/s"
    )
    endpoints: Constant = Constant(700, "an Endpoints object with two addresses as JSON")
    pod: Constant = Constant(
        4000, "an assumption: a Pod of two containers with probes, mounts and tolerations as JSON"
    )
    pod_reports: Constant = Constant(4, "a new pod: pending, pulled, running, ready", "messages")
    restarts: Constant = Constant(
        4, "an assumption: how often a pod restarts in a month, by releases", "1/month"
    )


CONSTANTS = TrafficConstants()
IDLE_PODS = 5
"""Pods of the node that was measured."""
READS_LOCALLY = "1.23"
"""Since this version EdgeCore reads its own Node from its database and not from the cloud (KubeEdge issue 6489)."""
MONTH = 30 * 24 * 3600


class NodeTraffic(NamedTuple):
    """Bytes a second of one node, averaged."""

    up: float
    down: float

    def times(self, nodes: int) -> NodeTraffic:
        return NodeTraffic(self.up * nodes, self.down * nodes)


class NodeLoad(NamedTuple):
    """What a node of a province has to do with."""

    pods: float
    heartbeat: int
    """Seconds."""
    telemetry: int
    """Bits a second."""
    served: int
    """Pods behind Services anywhere in the province: a change of each reaches every node with EdgeMesh; 0 without it."""


def idle(load: NodeLoad, every: ManagementIntervals, c: TrafficConstants = CONSTANTS) -> NodeTraffic:
    """Of a node on which nothing happens, for KubeEdge 1.23 and newer."""
    message = c.framing.value + c.envelope.value
    renewed = (message + c.lease.value) / every.renewal
    reported = (message + c.node_status.value) / every.report
    alive = (message + c.heartbeat.value) / load.heartbeat
    pods = load.pods * c.pod_changes.value * (message + c.pod_status.value) / 3600
    # Each is answered: with the object for a lease, with an empty message for all others.
    answers = renewed + message * (
        1 / every.report + 1 / load.heartbeat + load.pods * c.pod_changes.value / 3600
    )
    return NodeTraffic(renewed + reported + alive + pods, answers)


def node_traffic(
    load: NodeLoad, every: ManagementIntervals, release: str, c: TrafficConstants = CONSTANTS
) -> NodeTraffic:
    """Of a node of a KubeEdge ``release``: idle, with telemetry, and with what changes of the province send to it."""
    up, down = idle(load, every, c)
    if not kubeedge.reaches(release, READS_LOCALLY):
        down += before(c)
    message = c.framing.value + c.envelope.value + c.endpoints.value
    # Twice for each restart: the pod goes, and the next one comes.
    down += load.served * 2 * c.restarts.value * message / MONTH
    return NodeTraffic(up + load.telemetry / 8, down)


def before(c: TrafficConstants = CONSTANTS) -> float:
    """Bytes a second that an older EdgeCore reads of its own Node: what was measured, less what the model counts by itself."""
    measured = idle(NodeLoad(IDLE_PODS, 15, 0, 0), ManagementIntervals(40, 300), c)
    return max(0.0, c.idle_before.value - sum(measured))


def new_pod(files: int, c: TrafficConstants = CONSTANTS) -> int:
    """Bytes over the line of a node for each pod that a switch replaces: the old one goes, the new one comes with its files."""
    message = c.framing.value + c.envelope.value
    down = (message + c.pod.value) * 2 + (message + files if files else 0)
    return round(down + c.pod_reports.value * (message + c.pod_status.value))


def month(traffic: NodeTraffic) -> float:
    """Bytes in 30 days, both ways."""
    return (traffic.up + traffic.down) * MONTH
