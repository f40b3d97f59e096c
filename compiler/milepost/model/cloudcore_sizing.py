"""CloudCore as sized: what each instance must take, so that a province's nodes fit wherever they fail over to."""

from __future__ import annotations

from typing import NamedTuple

from milepost.model.resource_request import ResourceRequest


class CloudCoreSizing(NamedTuple):
    """Per instance, but for ``rate``. Times in seconds."""

    nodes: int
    """Nodes of the province."""
    node_limit: int
    """All of them and those that join soon: any instance may have to take them all."""
    keepalive: int
    write_timeout: int
    cloudcore: ResourceRequest
    controller_manager: ResourceRequest
    iptables_manager: ResourceRequest
    rate: int
    """New connections a second that all instances together may be sent."""
    stream: bool
    """Whether some node has the tunnel for logs and exec."""
    quic: bool
    """Whether some line speaks QUIC."""
