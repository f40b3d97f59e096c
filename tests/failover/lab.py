"""A station in network namespaces: nodes that run what a rendered pod of keepalived runs, behind one bridge, and a client.

Each node is a namespace with an interface, a server on the node's port, and the pod's command with the pod's files, its
variables and its capabilities and no others. Nothing leaves the namespaces, which are removed at the end.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

SERVER = """
import http.server, os, sys
name, port, sick = sys.argv[1:]
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503 if os.path.exists(sick) else 200)
        self.send_header("Content-Length", str(len(name)))
        self.end_headers()
        self.wfile.write(name.encode())
    def log_message(self, *args):
        pass
http.server.ThreadingHTTPServer.allow_reuse_address = True
http.server.ThreadingHTTPServer(("0.0.0.0", int(port)), Answer).serve_forever()
"""
CLIENT = """
import http.client, sys, time
address, port, end = sys.argv[1], int(sys.argv[2]), time.monotonic() + float(sys.argv[3])
while time.monotonic() < end:
    try:
        asked = http.client.HTTPConnection(address, port, timeout=0.15)
        asked.request("GET", "/ready")
        answer = asked.getresponse()
        who = answer.read().decode() if answer.status == 200 else "sick:" + answer.read().decode()
        asked.close()
    except OSError:
        who = "-"
    print(f"{time.monotonic():.3f} {who}", flush=True)
    time.sleep(0.02)
"""
POD = """
mount -t tmpfs tmpfs /mnt && cp -a /etc/. /mnt/ && mkdir -p /mnt/milepost/failover && mount --move /mnt /etc
mount --bind "$LAB/config" /etc/milepost/failover
mount -t tmpfs tmpfs /run && mkdir -p /run/milepost/failover /run/milepost/host
mount --bind "$LAB/run" /run/milepost/failover && mount --bind "$LAB/host" /run/milepost/host
exec setpriv --bounding-set="-all,$CAPS" --inh-caps="-all,$CAPS" --no-new-privs "$@"
"""


def ip(*words: str, check: bool = True) -> str:
    return subprocess.run(["ip", *words], capture_output=True, text=True, check=check).stdout


class Node:
    """One node of the station."""

    def __init__(self, lab: Lab, name: str, address: str, port: int) -> None:
        self.name, self.address, self._lab, self._port = name, address, lab, port
        self.space, self.wire = f"{lab.prefix}{name}", f"w{name}"
        self.folder = lab.folder / name
        for part in ("config", "run", "host"):
            (self.folder / part).mkdir(parents=True)
        lab.connect(self.space, self.wire, address)
        self.sick = self.folder / "sick"
        self.pods: list[subprocess.Popen[bytes]] = []
        self.serve()

    def serve(self) -> None:
        words = [sys.executable, "-c", SERVER, self.name, str(self._port), str(self.sick)]
        self._server = self._lab.start(self.space, words)

    def start(self, pod: Mapping[str, Any], files: Mapping[str, str], step: int = 3) -> None:
        """Start what the rendered container runs; ``step`` stands in for the ten seconds between nodes."""
        for name, text in files.items():
            (self.folder / "config" / name).write_text(text)
        (container,) = pod["containers"]
        mounts = [mount["mountPath"] for mount in container["volumeMounts"]]
        assert mounts == ["/etc/milepost/failover", "/run/milepost/failover", "/run/milepost/host"]
        capabilities = container["securityContext"]["capabilities"]
        assert capabilities["drop"] == ["ALL"]
        caps = ",".join(f"+{name.lower()}" for name in capabilities["add"])
        own = {"NODE_NAME": self.name, "LAB": str(self.folder), "CAPS": caps, "STEP": str(step), "EVERY": "1"}
        words = ["unshare", "-m", "sh", "-ec", POD, "pod", *container["command"]]
        log = (self.folder / "log").open("ab")
        self.pods.append(self._lab.start(self.space, words, env=os.environ | own, stdout=log))

    def processes(self, pod: subprocess.Popen[bytes]) -> list[int]:
        """Of a pod, its first process first."""
        found = [pod.pid]
        for process in found:
            path = Path(f"/proc/{process}/task/{process}/children")
            found += [int(child) for child in path.read_text().split()] if path.exists() else []
        return found

    def daemon(self) -> list[int]:
        """keepalived's own processes, the parent first."""
        return [p for p in self.processes(self.pods[-1]) if _program(p) == "keepalived"]

    def stop(self, pod: subprocess.Popen[bytes] | None = None) -> None:
        """As the kubelet does it, after the pod's `preStop`."""
        pod = pod or self.pods[-1]
        pod.send_signal(signal.SIGTERM)
        pod.wait(20)
        self.pods.remove(pod)

    def kill(self) -> None:
        """The power goes: every process at once, and the wire is dead."""
        ip("-n", self._lab.switch, "link", "set", self.wire, "down")
        pod = self.pods.pop()
        for process in self.processes(pod):
            _kill(process)
        pod.wait(10)

    def cut(self, *, whole: bool = False) -> None:
        ip("-n", self._lab.switch, "link", "set", self.wire, "up" if whole else "down")

    def has(self, address: str) -> bool:
        return f" {address}/" in ip("-n", self.space, "addr", "show", "eth0")

    def log(self) -> str:
        return (self.folder / "log").read_text()


class Lab:
    """The station's LAN; a context manager, whose end removes all."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.prefix = folder, f"m{os.getpid()}x"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._spaces: list[str] = []

    def __enter__(self) -> Self:
        self.switch = self._space("s")
        ip("-n", self.switch, "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
        ip("-n", self.switch, "link", "set", "br0", "up")
        self._client = f"{self.prefix}c"
        self.connect(self._client, "wc", "10.99.1.90")
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.kill()
            process.wait(10)
        for space in self._spaces:
            for process in ip("netns", "pids", space, check=False).split():
                _kill(int(process))
            ip("netns", "del", space, check=False)

    def connect(self, space: str, wire: str, address: str) -> None:
        """A namespace with ``address`` on its eth0, on the bridge."""
        if space not in self._spaces:
            self._space(space.removeprefix(self.prefix))
        ip("-n", self.switch, "link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", space)
        ip("-n", self.switch, "link", "set", wire, "master", "br0", "up")
        ip("-n", space, "addr", "add", f"{address}/24", "dev", "eth0")
        ip("-n", space, "link", "set", "eth0", "up")

    def start(self, space: str, words: list[str], **more: Any) -> subprocess.Popen[bytes]:
        found = subprocess.Popen(["ip", "netns", "exec", space, *words], stderr=subprocess.STDOUT, **more)
        self._processes.append(found)
        return found

    def client(self, address: str, port: int, seconds: float) -> subprocess.Popen[bytes]:
        """Asks again and again who has ``address``; ``answers`` reads it."""
        words = [sys.executable, "-c", CLIENT, address, str(port), str(seconds)]
        return self.start(self._client, words, stdout=subprocess.PIPE)

    def sent(self, wire: str) -> int:
        """Bytes that came out of a node's wire so far."""
        path = f"/sys/class/net/{wire}/statistics/rx_bytes"
        words = ["ip", "netns", "exec", self.switch, "cat", path]
        return int(subprocess.run(words, capture_output=True, text=True, check=True).stdout)

    def _space(self, name: str) -> str:
        space = f"{self.prefix}{name}"
        ip("netns", "add", space)
        ip("-n", space, "link", "set", "lo", "up")
        self._spaces.append(space)
        return space


def answers(client: subprocess.Popen[bytes]) -> list[tuple[float, str]]:
    """When, and who answered; ``-`` for nobody."""
    out = client.communicate(timeout=60)[0].decode()
    return [(float(line.split()[0]), line.split()[1]) for line in out.splitlines()]


def longest_gap(found: list[tuple[float, str]], since: float = 0.0) -> float:
    """Longest time without an answer of somebody well, in which a question stayed without one more than once.

    On a busy machine the client itself may stand still between two good answers, which is no gap.
    """
    longest, last, asked = 0.0, since or found[0][0], 0
    for at, who in found:
        if at < since:
            continue
        if who == "-" or who.startswith("sick:"):
            asked += 1
            continue
        if asked > 1:
            longest = max(longest, at - last)
        last, asked = at, 0
    return max(longest, found[-1][0] - last) if asked > 1 else longest


def until(true: Callable[[], bool], seconds: float = 20.0) -> float:
    """Seconds until ``true`` was. Raises TimeoutError."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if true():
            return time.monotonic() - begun
        time.sleep(0.02)
    raise TimeoutError


def _program(process: int) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        return ""


def _kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
