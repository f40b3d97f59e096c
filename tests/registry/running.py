"""Real registries (Debian's docker-registry) on loopback, run by configurations that Milepost rendered."""

from __future__ import annotations

import http.client
import math
import re
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from milepost.lower.registry_config import STORAGE
from registry.pictures import INDEX, MANIFEST, Picture, digest

PROGRAM = "docker-registry"
_ACCEPT = {"Accept": f"{INDEX}, {MANIFEST}"}
_CENTRE = """\
version: 0.1
log: {{level: info, accesslog: {{disabled: false}}}}
storage: {{filesystem: {{rootdirectory: {storage}}}}}
http: {{addr: "{address}", secret: test, draintimeout: 10s{tls}}}
"""
_LOGGED = re.compile(r'\[([^]]+)\] "((?:GET|HEAD) /v2/[^ "]+)')
"""A line of an access log: when the request came, to the second, and what it asked."""


@dataclass
class Process:
    """Something that serves at an address until it is stopped."""

    address: str
    command: Sequence[str]
    log: Path
    running: subprocess.Popen[bytes] | None = None

    def start(self, seconds: float = 20) -> float:
        """Start it; give the seconds until it answered. Raises AssertionError with its log where it does not."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(self.command, stdout=log, stderr=subprocess.STDOUT)
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if self.running.poll() is not None:
                break
            if answers(self.address):
                return time.monotonic() - began
            time.sleep(0.05)
        raise AssertionError(f"{self.address} does not answer\n{self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        if self.running is not None and self.running.poll() is None:
            self.running.send_signal(signal.SIGTERM)
            self.running.wait(40)

    def wait_for(self, text: str, times: int = 1, seconds: float = 30) -> None:
        """Until ``text`` stands so often in the log and it answers again: between two registries nobody does."""
        began = time.monotonic()
        while self.log.read_text().count(text) < times or not answers(self.address):
            assert time.monotonic() - began < seconds, f"{text!r} never came\n{self.log.read_text()[-2000:]}"
            time.sleep(0.05)

    def asked(self, since: float = 0) -> list[str]:
        """Requests for manifests and blobs that came at or after ``since``, a whole second: method and path.

        From the access log, which has a line when a request has been answered: stop it first where all must be there.
        """
        found = _LOGGED.findall(self.log.read_text(errors="replace"))
        return [what for when, what in found if _moment(when) >= since and not what.endswith("/v2/")]


@dataclass
class Registries:
    """What a test has running; ends with it."""

    folder: Path
    processes: list[Process] = field(default_factory=list)

    def centre(self, address: str = "127.0.0.11:5000", tls: str = "", more: str = "") -> Process:
        """A registry that takes pushes and writes down what it is asked."""
        config = self.folder / f"{address}.yml"
        config.write_text(_CENTRE.format(storage=self.folder / address, address=address, tls=tls) + more)
        return self._add(Process(address, [PROGRAM, "serve", str(config)], self.folder / f"{address}.log"))

    def mirror(
        self,
        address: str,
        texts: Mapping[str, str],
        shell: Sequence[str] = ("sh",),
        *,
        patience: int = 3,
        misses: int = 2,
    ) -> Process:
        """What a rendered ConfigMap says, with this test's folders and address in place of the container's.

        Probes are quicker than rendered: every second, ``patience`` seconds each; after ``misses`` without an answer it
        no longer asks its upstream, and answers nobody for the second in which one registry takes the other's place.
        """
        own, scratch = self.folder / f"{address}.d", self.folder / f"{address}.tmp"
        for folder in (own, scratch):
            folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            text = text.replace(STORAGE, str(self.folder / address)).replace(
                'addr: ":5000"', f'addr: "{address}"'
            )
            (own / name).write_text(text)
        command = [
            *shell,
            str(own / "registry.sh"),
            PROGRAM,
            str(own),
            str(scratch),
            "1",
            str(patience),
            str(misses),
        ]
        return self._add(Process(address, command, self.folder / f"{address}.log"))

    def wait_stored(self, address: str, repository: str, picture: Picture, seconds: float = 40) -> None:
        """Until a mirror has put on disk what it served: it does so on its own time, after the answer.

        That may fail, with an upstream that is busy with the same blob, and then waits for the next pull: so it is pulled.
        """
        own = self.folder / address / "docker/registry/v2/repositories" / repository / "_layers/sha256"
        links = {blob: own / blob.removeprefix("sha256:") / "link" for blob in picture.blobs}
        began = again = time.monotonic()
        while missing := [blob for blob, link in links.items() if not link.exists()]:
            now = time.monotonic()
            assert now - began < seconds, f"{address} never stored {missing}"
            if now - again > 1:
                pull(address, repository, picture.digest)
                again = time.monotonic()
            time.sleep(0.05)

    def _add(self, process: Process) -> Process:
        self.processes.append(process)
        return process

    def stop(self) -> None:
        for process in self.processes:
            process.stop()


def next_second() -> float:
    """Waits for it: what comes from then on has another time in an access log than what came before."""
    now = time.time()
    time.sleep(math.floor(now) + 1.01 - now)
    return math.floor(time.time())


def _moment(text: str) -> float:
    return datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z").timestamp()


def answers(address: str) -> bool:
    """Also where it asks who is there (401), or speaks TLS and says so (400)."""
    try:
        return request(address, "GET", "/v2/")[0] in (200, 400, 401)
    except OSError:
        return False


def request(
    address: str, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(address, timeout=20)
    try:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def push(
    address: str, repository: str, tag: str, picture: Picture, headers: Mapping[str, str] | None = None
) -> str:
    """Push a picture through the distribution API; give the digest of its index."""
    own = dict(headers or {})
    for name, blob in picture.blobs.items():
        status, said, _ = request(address, "POST", f"/v2/{repository}/blobs/uploads/", own, b"")
        assert status == 202, status
        place = urlsplit(said["Location"])
        query = f"{place.query}&digest={name}" if place.query else f"digest={name}"
        status, _, text = request(
            address, "PUT", f"{place.path}?{query}", {**own, "Content-Type": "application/octet-stream"}, blob
        )
        assert status == 201, text
    for name, manifest, kind in (
        *((name, data, MANIFEST) for name, data in picture.manifests.items()),
        (tag, picture.index, INDEX),
    ):
        path = f"/v2/{repository}/manifests/{name}"
        status, _, text = request(address, "PUT", path, {**own, "Content-Type": kind}, manifest)
        assert status == 201, text
    return picture.digest


def pull(address: str, repository: str, reference: str) -> int:
    """Read the index, every manifest and every blob, and check each digest; give the number of bytes.

    Raises LookupError with the status where something is not there.
    """
    import json

    index = _content(address, f"/v2/{repository}/manifests/{reference}", reference)
    size = len(index)
    for entry in json.loads(index)["manifests"]:
        manifest = _content(address, f"/v2/{repository}/manifests/{entry['digest']}", entry["digest"])
        parts: dict[str, Any] = json.loads(manifest)
        blobs = [parts["config"], *parts["layers"]]
        size += len(manifest) + sum(
            len(_content(address, f"/v2/{repository}/blobs/{blob['digest']}", blob["digest"]))
            for blob in blobs
        )
    return size


def _content(address: str, path: str, reference: str) -> bytes:
    status, _, data = request(address, "GET", path, _ACCEPT)
    if status != 200:
        raise LookupError(status, path)
    assert not reference.startswith("sha256:") or digest(data) == reference
    return data
