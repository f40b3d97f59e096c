"""Lines and transports that go together: which kind of line can carry what EdgeCore speaks, and why not.

EdgeCore's clients have no HTTP and no SOCKS proxy (KubeEdge issue 1502), so behind a proxy only a TCP pass-through leads to
CloudCore; QUIC is UDP, which such a pass-through does not carry.
"""

from __future__ import annotations

from typing import NamedTuple

from milepost.model.edge_settings import CloudCoreEndpoint

LINES = ("private", "proxy", "public")
TRANSPORTS = ("websocket", "quic")


class PairFault(NamedTuple):
    """Why a pair cannot work, and what would."""

    endpoint: bool
    """Whether the province lacks an endpoint, and not the profile a transport."""
    words: str
    hint: str


def pair_fault(line: str, transport: str, endpoint: CloudCoreEndpoint | None) -> PairFault | None:
    """What is wrong with a line, the transport on it, and the endpoint that a province has for it; None if nothing is."""
    if line == "proxy" and transport == "quic":
        return PairFault(
            False,
            "wants QUIC behind a proxy, which carries no UDP",
            "take `transport: websocket`, over a TCP pass-through",
        )
    if endpoint is None:
        return PairFault(True, *_MISSING[line])
    if transport == "quic" and endpoint.ports.quic is None:
        return PairFault(
            False,
            f"wants QUIC, and the endpoint for {line} lines has no port for it",
            f"set `cloudcore.endpoints.{line}.ports.quic`, or take `transport: websocket`",
        )
    return None


_MISSING = {
    "private": (
        "no endpoint for private lines",
        "set `cloudcore.endpoints.private.host` to the address of CloudCore in the private network",
    ),
    "proxy": (
        "no endpoint for lines behind a proxy, and EdgeCore knows no HTTP or SOCKS proxy",
        "let the proxy pass TCP through to CloudCore (layer 4), and set `cloudcore.endpoints.proxy.host` to its address",
    ),
    "public": (
        "no endpoint for public lines",
        "set `cloudcore.endpoints.public.host` to the address of CloudCore on the public network",
    ),
}
