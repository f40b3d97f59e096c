"""CloudCore's size by the number of nodes: constants with their sources, and the arithmetic.

KubeEdge's report of its test with 100,000 nodes (release 1.11) is the one published measure: five CloudCores of 12 CPU and
48 GB took 20,000 nodes each. Reports from the field say what is too little: 1 GiB at 500 nodes (issue 4326), 50 MiB for the
iptables manager, which keeps every ConfigMap (issue 5451).
"""

from __future__ import annotations

from milepost.model.resource_request import ResourceRequest

MEBI = 1024 * 1024
TESTED_NODES = 20_000
TESTED_CPU = 12_000
TESTED_MEMORY = 48 * 1000**3
BASE_CPU, BASE_MEMORY = 1000, 1024 * MEBI
"""What an instance takes before any node connects; 1 GiB is the chart's own limit."""
MANAGER_BASE, MANAGER_NODE = 128 * MEBI, 128 * 1024
"""The controller manager and the iptables manager keep objects of the whole cluster: an assumption of 128 KiB a node, by which
50 MiB, the chart's limit, would be gone at 400 nodes."""
HEADROOM = 10
"""Percent of nodes that may join before the configuration changes."""
STEP = 100
ACCEPTED_BY_CORE = 50
"""New connections a second that one core takes: a TLS handshake with certificates both ways is some milliseconds, and each
connection then reads the node's objects from the API server. An assumption; `reconnect.rate` overrides it."""


def node_limit(nodes: int) -> int:
    """All nodes and a tenth more, in hundreds: a node that joins must not change the configuration of CloudCore."""
    return max(STEP, -(-nodes * (100 + HEADROOM) // (100 * STEP)) * STEP)


def cloudcore_size(limit: int) -> ResourceRequest:
    """Of one instance that takes ``limit`` nodes; CPU in halves of a core, memory in 256 MiB."""
    cpu = BASE_CPU + TESTED_CPU * limit // TESTED_NODES
    memory = BASE_MEMORY + TESTED_MEMORY * limit // TESTED_NODES
    return ResourceRequest(_up(cpu, 500), _up(memory, 256 * MEBI))


def manager_size(limit: int) -> ResourceRequest:
    """Of the controller manager, and of the iptables manager."""
    return ResourceRequest(_up(200 + limit // 10, 100), _up(MANAGER_BASE + MANAGER_NODE * limit, 64 * MEBI))


def accepted(limit: int, replicas: int) -> int:
    """New connections a second for ``replicas`` instances of the size for ``limit`` nodes."""
    return max(1, ACCEPTED_BY_CORE * cloudcore_size(limit).cpu * replicas // 1000)


def _up(value: int, step: int) -> int:
    return -(-value // step) * step
