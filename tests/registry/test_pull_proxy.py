"""The edge side of one section, played: containerd with the rendered proxy and mirror settings pulls through a real registry
and a real proxy.

In a network of its own whose addresses are no loopback ones, since Go never asks a proxy for those.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from compiling import compile_spec
from edge.fleets import ENDPOINTS
from registry.conftest import needs
from registry.pictures import picture
from registry.running import Registries, push
from registry.test_containerd import Node, node
from registry.tiers import tier, write_fleet

__all__ = ["node"]
pytestmark = [pytest.mark.slow, pytest.mark.acceptance, needs("docker-registry", "containerd", "ctr", "ip")]
CENTRE, SECTION, PROXY = "198.51.100.11", "198.51.100.13", "198.51.100.3"
NODES = (
    f"name,station,profile,roles,address,label:mirror\na1,a,box,server,{SECTION},section\na2,a,box,server,,\n"
)


class _Forward(BaseHTTPRequestHandler):
    """A forward proxy for plain HTTP that remembers whom it was asked for."""

    asked: list[str]

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.asked.append(re.sub(r"^http://([^:/]+).*", r"\1", self.path))
        wanted = {
            k: v for k, v in self.headers.items() if k.lower() in ("accept", "authorization", "user-agent")
        }
        request = urllib.request.Request(self.path, headers=wanted, method=self.command)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=20) as answer:
                status, headers, body = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            status, headers, body = error.code, error.headers, error.read()
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        length = headers.get("content-length") if self.command == "HEAD" else str(len(body))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def proxy(registries: Registries) -> Iterator[list[str]]:
    """Hosts that the proxy was asked for."""
    for address in (CENTRE, SECTION, PROXY):
        subprocess.run(["ip", "address", "add", f"{address}/32", "dev", "lo"], check=True)
    asked: list[str] = []
    server = ThreadingHTTPServer((PROXY, 3128), type("Forward", (_Forward,), {"asked": asked}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield asked
    server.shutdown()
    server.server_close()


def environment(drop_in: str) -> dict[str, str]:
    """As systemd reads the file for containerd's service."""
    return dict(pair.split("=", 1) for pair in re.findall(r'^Environment="(.*)"$', drop_in, re.MULTILINE))


def test_mirrors_are_asked_directly_and_everything_else_through_the_proxy(
    registries: Registries, proxy: list[str], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """What the section has never crosses the proxy; what it lacks comes from the centre, through it."""
    machine: Node = request.getfixturevalue("node")
    line = {
        "line": "proxy",
        "medium": "wired",
        "down": "20Mbit/s",
        "up": "20Mbit/s",
        "proxy": {"pulls": f"http://{PROXY}:3128"},
    }
    tiers = [
        tier("centre", "center", f"http://{CENTRE}:5000"),
        tier("section", "station-group", "http://{address}:5000", parent="centre", **MIRROR),
    ]
    root = write_fleet(tmp_path / "spec", tiers, nodes=NODES)
    text = (root / "fleet.yaml").read_text()
    text = re.sub(r'"spec": \{"line": "private"[^}]*\}', f'"spec": {json.dumps(line)}', text)
    text = re.sub(
        r'("kind": "Province".*?"spec": \{)',
        rf'\1"cloudcore": {json.dumps({"endpoints": ENDPOINTS})}, ',
        text,
    )
    (root / "fleet.yaml").write_text(text)
    compiled = compile_spec(root)
    assert not compiled.errors, compiled.said
    machine.prepare(compiled)
    env = environment(compiled.files["north/bootstrap/proxy/g4/line.conf"].decode())
    for address in (CENTRE, SECTION):
        registries.centre(f"{address}:5000").start()
    there = push(f"{SECTION}:5000", "apps/near", "1.0.0", picture(content="near"))
    away = push(f"{CENTRE}:5000", "apps/far", "1.0.0", picture(content="far"))

    def pull(reference: str) -> str:
        command = [
            "ctr",
            "-a",
            f"{machine.folder}/c.sock",
            "content",
            "fetch",
            "--hosts-dir",
            str(machine.certs),
        ]
        done = subprocess.run(
            [*command, reference], env=os.environ | env, capture_output=True, text=True, timeout=60
        )
        return done.stderr.strip() if done.returncode else ""

    assert pull(f"{CENTRE}:5000/apps/near@{there}") == ""
    assert not proxy
    assert pull(f"{CENTRE}:5000/apps/far@{away}") == ""
    assert set(proxy) == {CENTRE}


MIRROR = {
    "mirror": {
        "image": "mirror",
        "version": "2.8.3",
        "nodes": {"labels": {"mirror": "section"}},
        "storage": {"size": "10Gi", "path": "/var/lib/registry"},
    }
}
