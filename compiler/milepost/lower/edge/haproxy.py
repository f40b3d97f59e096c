"""HAProxy's configuration of a province: TCP to its CloudCores, every connection of a node to the same one.

The ports of one node must lead to one CloudCore (KubeEdge issue 3439): all backends share one table of who went where, and
one health check (``/readyz`` on the certificate port), so that they never disagree on who is there. New connections are let
in at the rate that CloudCore takes; the others wait in the kernel's queue and are not refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from milepost.model.cloudcore_sizing import CloudCoreSizing
from milepost.model.edge_settings import CloudCorePorts, CloudCoreSettings

OWN = CloudCorePorts(10000, 10001, 10002, 10004)
"""CloudCore's own ports, behind the proxy."""
IDLE = 3600
"""Seconds for which a tunnel for logs and exec may be silent."""
STUCK = "24h"
"""How long a node is remembered: longer than it is silent at a usual cut."""
SPARE = 1000
"""Connections beside those of nodes: checks, and those that are about to end."""


def haproxy(cloudcore: CloudCoreSettings, sizing: CloudCoreSizing, handshake: int) -> str:
    """``haproxy.cfg``; ``handshake`` is the shortest time that some node waits for an answer, in seconds."""
    lines = [
        *_head(sizing, handshake),
        *_frontends(cloudcore, sizing),
        *_backends(cloudcore.servers, sizing),
    ]
    return "\n".join(lines) + "\n"


def connections(sizing: CloudCoreSizing) -> int:
    """Of all nodes at once: the session, the certificate's, and the tunnel."""
    return (3 if sizing.stream else 2) * sizing.node_limit + SPARE


def _head(sizing: CloudCoreSizing, handshake: int) -> Iterator[str]:
    yield "# HAProxy (2.4 or newer) before the CloudCores of the province. TCP only: TLS ends at CloudCore."
    yield "global"
    yield f"  maxconn {connections(sizing)}"
    yield "  log stdout format raw local0"
    yield ""
    yield "defaults"
    yield "  mode tcp"
    yield "  log global"
    yield "  option tcplog"
    yield "  option dontlognull"
    yield "  option clitcpka"
    yield "  option srvtcpka"
    yield "  option redispatch 1"
    yield "  retries 3"
    yield f"  backlog {sizing.node_limit}"
    yield f"  maxconn {connections(sizing)}"
    yield "  timeout connect 5s"
    # Who waits longer has given up already, and would be served for nothing.
    yield f"  timeout queue {handshake}s"
    # A node speaks every heartbeat; who is silent for as long as CloudCore's own patience is gone.
    yield f"  timeout client {sizing.keepalive + 5}s"
    yield f"  timeout server {sizing.keepalive + 5}s"


def _frontends(cloudcore: CloudCoreSettings, sizing: CloudCoreSizing) -> Iterator[str]:
    ports = [endpoint.ports for endpoint in cloudcore.endpoints.values()]
    yield from _frontend("session", {p.websocket for p in ports}, [f"rate-limit sessions {sizing.rate}"])
    yield from _frontend(
        "certificates", {p.certificates for p in ports}, [f"rate-limit sessions {sizing.rate}"]
    )
    if sizing.stream:
        yield from _frontend("stream", {p.stream for p in ports}, [f"timeout client {IDLE}s"])


def _frontend(name: str, ports: set[int], more: list[str]) -> Iterator[str]:
    yield ""
    yield f"frontend {name}"
    yield from (f"  bind :{port}" for port in sorted(ports))
    yield from (f"  {line}" for line in more)
    yield f"  default_backend {name}"


def _backends(servers: tuple[str, ...], sizing: CloudCoreSizing) -> Iterator[str]:
    yield ""
    yield "# Which CloudCore a node's address went to; the backends below keep to it."
    yield "backend nodes"
    yield f"  stick-table type ip size {2 * sizing.node_limit} expire {STUCK}"
    yield from _backend("session", OWN.websocket, servers, [], sizing)
    yield from _backend("certificates", OWN.certificates, servers, [], sizing)
    if sizing.stream:
        yield from _backend("stream", OWN.stream, servers, [f"timeout server {IDLE}s"], sizing)


def _backend(
    name: str, port: int, servers: tuple[str, ...], more: list[str], sizing: CloudCoreSizing
) -> Iterator[str]:
    yield ""
    yield f"backend {name}"
    yield "  balance source"
    yield "  hash-type consistent"
    yield "  stick on src table nodes"
    yield "  option httpchk GET /readyz"
    yield from (f"  {line}" for line in more)
    # CloudCore takes more connections than its node limit, and then serves none of them.
    most = f"maxconn {sizing.node_limit}"
    check = f"check check-ssl verify none port {OWN.certificates} inter 5s fall 3 rise 2 on-marked-down shutdown-sessions"
    yield from (f"  server {server} {server}:{port} {most} {check}" for server in servers)
