"""Lines, transports and endpoints: which go together, which are refused, and what a legal one becomes."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from edge.fleets import ENDPOINTS, configs, edge_fleet, only
from milepost.model.edge_settings import CloudCoreEndpoint, CloudCorePorts
from milepost.plan.edge.legal_pairs import LINES, TRANSPORTS, pair_fault

UDP = CloudCoreEndpoint("cloudcore.example", (), CloudCorePorts(10000, 10001, 10002, 10004))
TCP = UDP._replace(ports=UDP.ports._replace(quic=None))
LEGAL = {
    ("private", "websocket", "tcp"),
    ("private", "websocket", "udp"),
    ("private", "quic", "udp"),
    ("proxy", "websocket", "tcp"),
    ("proxy", "websocket", "udp"),
    ("public", "websocket", "tcp"),
    ("public", "websocket", "udp"),
    ("public", "quic", "udp"),
}
"""Line, transport, and what the province's endpoint for the line offers."""
OFFERS = {"nothing": None, "tcp": TCP, "udp": UDP}


@pytest.mark.parametrize(("line", "transport", "offer"), list(product(LINES, TRANSPORTS, OFFERS)))
def test_the_table_of_legal_pairs(line: str, transport: str, offer: str) -> None:
    """Whatever is not legal has words of its own, and something that would work."""
    fault = pair_fault(line, transport, OFFERS[offer])
    assert (fault is None) is ((line, transport, offer) in LEGAL)
    assert fault is None or (fault.words and fault.hint)


def test_each_kind_of_fault_says_something_else() -> None:
    """Nobody reads about QUIC who lacks an endpoint."""
    found = [
        pair_fault(line, transport, offer)
        for line, transport, offer in product(LINES, TRANSPORTS, OFFERS.values())
    ]
    assert len({fault.words for fault in found if fault}) == 6


@pytest.mark.parametrize(
    ("access", "endpoints", "code"),
    [
        ({"line": "proxy"}, {"private": ENDPOINTS["private"]}, "MP4120"),
        ({"line": "public"}, {"private": ENDPOINTS["private"]}, "MP4120"),
        ({"line": "proxy", "transport": "quic"}, ENDPOINTS, "MP4121"),
        ({"line": "private", "transport": "quic"}, ENDPOINTS, "MP4121"),
        ({"proxy": {"pulls": "http://p.example:3128"}}, ENDPOINTS, "MP2004"),
    ],
)
def test_what_cannot_work_is_refused(
    tmp_path: Path, access: dict[str, Any], endpoints: dict[str, Any], code: str
) -> None:
    """With its own code, and nothing is rendered."""
    made = edge_fleet(tmp_path, access=access, cloudcore={"endpoints": endpoints})
    assert made.codes == [code]
    assert not made.trees


def test_edgecore_is_never_told_of_a_proxy(tmp_path: Path) -> None:
    """Behind a proxy it goes to the pass-through, and containerd alone gets the proxy."""
    access = {"line": "proxy", "proxy": {"pulls": "socks5://p.example:1080", "direct": [".north.example"]}}
    made = edge_fleet(tmp_path, access=access)
    body = only(configs(made, "edgecore"))
    assert body["modules"]["edgeHub"]["websocket"]["server"] == "relay.north.example:10000"
    assert body["modules"]["edgeHub"]["httpServer"] == "https://relay.north.example:10002"
    assert "p.example" not in str(body)
    drop_in = made.files["north/bootstrap/proxy/g4/line.conf"].decode()
    assert '"HTTPS_PROXY=socks5://p.example:1080"' in drop_in
    direct = drop_in.split("NO_PROXY=")[1].strip('"\n').split(",")
    assert {"relay.north.example", "10.0.0.14", ".north.example", "localhost"} <= set(direct)


def test_quic_is_the_one_transport_that_is_on(tmp_path: Path) -> None:
    """EdgeCore takes exactly one, and WebSocket is on by default."""
    made = edge_fleet(tmp_path, access={"line": "public", "transport": "quic"})
    hub = only(configs(made, "edgecore"))["modules"]["edgeHub"]
    assert (hub["quic"]["enable"], hub["websocket"]["enable"]) == (True, False)
    assert hub["quic"]["server"] == "cloudcore.north.example:10001"


@pytest.mark.parametrize(
    ("access", "timer"),
    [
        ({"up": "100kbit/s"}, "writeDeadline"),
        ({"latency": "4s"}, "handshakeTimeout"),
        ({"loss": 0.45, "up": "200kbit/s"}, "writeDeadline"),
    ],
)
def test_time_outs_grow_where_the_line_needs_it(tmp_path: Path, access: dict[str, Any], timer: str) -> None:
    """A good line keeps EdgeCore's own."""
    usual = only(configs(edge_fleet(tmp_path / "usual"), "edgecore"))["modules"]["edgeHub"]["websocket"]
    slow = only(configs(edge_fleet(tmp_path / "slow", access=access), "edgecore"))
    assert (usual["handshakeTimeout"], usual["writeDeadline"]) == (30, 15)
    assert slow["modules"]["edgeHub"]["websocket"][timer] > usual[timer]


def test_another_access_changes_the_lines_of_its_node_alone(tmp_path: Path) -> None:
    """Both classes are there before and after, so only the lists name it; its section has two lines of it."""
    nodes = (
        "name,station,profile,roles,access\na1,a,box,server,\na2,a,box,server,mobile\na3,a,box,server,{}\n"
    )
    mobile = {"line": "public", "medium": "wireless", "down": "3Mbit/s", "up": "1Mbit/s"}
    also = (
        {
            "apiVersion": "milepost.dev/v1alpha1",
            "kind": "AccessProfile",
            "metadata": {"name": "mobile"},
            "spec": mobile,
        },
    )
    before = edge_fleet(tmp_path / "before", nodes=nodes.format(""), also=also).files
    after = edge_fleet(tmp_path / "after", nodes=nodes.format("mobile"), also=also).files
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    assert changed and all(path.startswith("north/bootstrap/join/g4.") for path in changed)
    for path in changed:
        pairs = zip(before[path].splitlines(), after[path].splitlines(), strict=True)
        assert all(b"a3" in old for old, new in pairs if old != new)
