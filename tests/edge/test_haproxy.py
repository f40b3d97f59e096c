"""The proxy layer: HAProxy takes every configuration, and a storm goes through one as it should."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from compiling import Compilation, compile_spec
from edge.fleets import edge_fleet
from fleets import root

pytestmark = [
    pytest.mark.slow,
    pytest.mark.acceptance,
    pytest.mark.skipif(not shutil.which("haproxy"), reason="haproxy is not here"),
]
NODES = 1000
SERVERS = ("127.0.0.21", "127.0.0.22")
PORTS = {"websocket": 21000, "certificates": 21002, "stream": 21004}


def haproxy_files(made: Compilation) -> Iterator[bytes]:
    return (data for path, data in made.files.items() if path.endswith("/haproxy.cfg"))


@pytest.mark.parametrize("name", ["example", "generated-station"])
def test_haproxy_takes_every_configuration(name: str, tmp_path: Path) -> None:
    """Its own check, without a warning."""
    found = list(haproxy_files(compile_spec(root(name))))
    assert found
    for data in found:
        (tmp_path / "haproxy.cfg").write_bytes(data)
        done = subprocess.run(
            ["haproxy", "-c", "-f", str(tmp_path / "haproxy.cfg")], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert "[WARNING]" not in done.stderr


def storm_fleet(folder: Path) -> Compilation:
    """Every node at one station, two CloudCores on loopback, and other ports at the front than behind."""
    rows = "".join(f"n{number:04},a,box,server\n" for number in range(NODES))
    endpoints = {"private": {"host": "127.0.0.10", "ports": PORTS}}
    return edge_fleet(
        folder,
        nodes=f"name,station,profile,roles\n{rows}",
        cluster={"cloudcoreReplicas": 2},
        cloudcore={"endpoints": endpoints, "servers": list(SERVERS)},
        edge={"modules": {"edgeStream": {}}},
    )


@dataclass
class Counter:
    """What the CloudCores saw: by port behind the proxy, when and where each node came."""

    seen: dict[int, list[tuple[float, str, str]]] = field(default_factory=dict)

    async def serve(self, server: str, port: int, tls: ssl.SSLContext | None = None) -> asyncio.Server:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            line = await reader.readline()
            if line.startswith(b"GET /readyz"):
                writer.write(b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok")
            elif line:
                self.seen.setdefault(port, []).append((time.monotonic(), line.decode().strip(), server))
                writer.write(b"ok\n")
            await writer.drain()
            if line.startswith(b"GET") or not line:
                writer.close()
                return
            await reader.read()
            writer.close()

        return await asyncio.start_server(answer, server, port, ssl=tls, backlog=4096)


async def node(number: int, port: int, tls: ssl.SSLContext | None) -> bool:
    """A node, with an address of its own, connects and stays."""
    source = f"127.1.{number // 250}.{number % 250 + 1}"
    reader, writer = await asyncio.open_connection(
        "127.0.0.10", port, ssl=tls, local_addr=(source, 0), server_hostname="c" if tls else None
    )
    writer.write(f"n{number:04}\n".encode())
    answered = await asyncio.wait_for(reader.readline(), 120)
    # Stays until the end of the test, as a session does.
    node_writers.append(writer)
    return answered == b"ok\n"


node_writers: list[asyncio.StreamWriter] = []


def certificate(folder: Path) -> ssl.SSLContext:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=c"]
    files = ["-keyout", str(folder / "key"), "-out", str(folder / "crt")]
    subprocess.run([*command, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "crt", folder / "key")
    return context


async def storm(folder: Path, config: bytes) -> tuple[Counter, list[bool], float]:
    """All nodes come at once: session first, then certificate and tunnel."""
    counter, context = Counter(), certificate(folder)
    servers = [
        await counter.serve(s, port, context if port == 10002 else None)
        for s in SERVERS
        for port in (10000, 10002, 10004)
    ]
    (folder / "haproxy.cfg").write_bytes(config)
    proxy = await asyncio.create_subprocess_exec(
        "haproxy",
        "-db",
        "-f",
        str(folder / "haproxy.cfg"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    try:
        await asyncio.sleep(2)
        answered, began = [], time.monotonic()
        for port, tls in (
            (PORTS["websocket"], None),
            (PORTS["certificates"], trusting),
            (PORTS["stream"], None),
        ):
            # Certificates for a few only: TLS for all of them would measure this machine.
            numbers = range(NODES if tls is None else 100)
            answered += await asyncio.gather(*(node(number, port, tls) for number in numbers))
        return counter, answered, began
    finally:
        proxy.terminate()
        await proxy.wait()
        for writer in node_writers:
            writer.close()
        for server in servers:
            server.close()


def test_a_storm_is_let_in_at_the_rate_and_nobody_is_lost(tmp_path: Path) -> None:
    """A thousand nodes at once, 2,100 connections: they take as long as the limit makes them, each is answered, and each node's
    connections are at one CloudCore.
    """
    made = storm_fleet(tmp_path / "spec")
    plan = made.provinces["north"].plan
    (config,) = haproxy_files(made)
    counter, answered, began = asyncio.run(storm(tmp_path, config))
    assert len(answered) == 2 * NODES + 100 and all(answered)
    sessions = sorted(at for at, _, _ in counter.seen[10000])
    assert len(sessions) == NODES
    rate = plan.sizing.rate  # type: ignore[union-attr]
    # From before the first dial to the last answer: a busy machine makes it longer, never shorter.
    # HAProxy counts by seconds of its own, so the first second's worth comes at once.
    assert sessions[-1] - began >= NODES / rate - 1
    where: dict[str, set[str]] = {}
    for found in counter.seen.values():
        for _, name, server in found:
            where.setdefault(name, set()).add(server)
    assert len(where) == NODES
    assert all(len(servers) == 1 for servers in where.values())
    share = sum(servers == {SERVERS[0]} for servers in where.values()) / NODES
    assert 0.3 < share < 0.7
