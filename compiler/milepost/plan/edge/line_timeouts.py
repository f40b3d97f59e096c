"""Time-outs of EdgeCore by line: its own defaults, and more where a line is too slow, too far or too lossy for them.

A time-out is twice what the exchange takes on the nominal line, counting lost packets, and never less than the default of
KubeEdge 1.23.1 (``modules.edgeHub``: handshakeTimeout 30, writeDeadline 15; ``modules.metaManager``: remoteQueryTimeout 60).
"""

from __future__ import annotations

from math import ceil

from milepost.model.edge_nodes import LineTimeouts
from milepost.model.fleet import Access

DEFAULTS = LineTimeouts(30, 15, 60)
HANDSHAKE_TRIPS = 5
"""TCP, two of TLS 1.2, the upgrade to WebSocket, and one to spare."""
HANDSHAKE_BYTES = 8_000
"""Certificates both ways, and headers."""
WRITE_BYTES = 256 * 1024
"""A batch of pod status, the largest that a node sends by itself."""
QUERY_BYTES = 1024 * 1024
"""A ConfigMap can be as large (the limit of the API server)."""


def line_timeouts(access: Access) -> LineTimeouts:
    """Twice the time of each exchange, and at least the default."""
    slower = min(access.up, access.down)
    return LineTimeouts(
        max(DEFAULTS.handshake, _twice(access, HANDSHAKE_TRIPS, HANDSHAKE_BYTES, slower)),
        max(DEFAULTS.write, _twice(access, 1, WRITE_BYTES, access.up)),
        max(DEFAULTS.query, _twice(access, 2, QUERY_BYTES, access.down)),
    )


def handshake_seconds(access: Access) -> float:
    """How long a handshake takes on the nominal line."""
    return _seconds(access, HANDSHAKE_TRIPS, HANDSHAKE_BYTES, min(access.up, access.down))


def _twice(access: Access, trips: int, size: int, rate: int) -> int:
    return ceil(2 * _seconds(access, trips, size, rate))


def _seconds(access: Access, trips: int, size: int, rate: int) -> float:
    # What is lost is sent again, and lost again with the same chance; each trip in which that
    # happens waits TCP's first retransmission time-out of a second (RFC 6298).
    again = 1 / (1 - access.loss)
    return (trips * (access.latency / 1000 + access.loss) + size * 8 / rate) * again
