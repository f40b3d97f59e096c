"""A real Git server on loopback for the time of a test, and what a reader of it sees."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Server:
    """``repository`` is the bare one that ``url`` serves."""

    url: str
    repository: Path

    def git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.repository), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def branches(self) -> list[str]:
        return self.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split()

    def tips(self) -> dict[str, str]:
        rows = self.git("for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads").splitlines()
        return dict(row.split(" ") for row in rows)

    def commits(self, branch: str) -> list[str]:
        return self.git("rev-list", branch).split()

    def is_linear(self, branch: str) -> bool:
        return all(len(row.split()) <= 2 for row in self.git("rev-list", "--parents", branch).splitlines())

    def files(self, commit: str) -> dict[str, str]:
        names = self.git("ls-tree", "-r", "--name-only", commit).splitlines()
        return {name: self.git("show", f"{commit}:{name}") + "\n" for name in names}

    def wait_until_quiet(self) -> None:
        """A push whose client is gone may still be carried out: until nothing is received, locked or moved for a while."""
        seen: list[object] = []
        began = time.monotonic()
        while time.monotonic() - began < 10 and (
            len(seen) < 10 or any(one != seen[-1] for one in seen[-10:])
        ):
            seen.append(object() if self._busy() else self.tips())
            time.sleep(0.02)

    def _busy(self) -> bool:
        """Folders may be gone the moment after they were listed, which ``os.walk`` takes as it is."""
        entries = (name for _, folders, files in os.walk(self.repository) for name in (*folders, *files))
        return any(name.endswith(".lock") or name.startswith("tmp_objdir-") for name in entries)

    def hook(self, name: str, text: str) -> None:
        file = self.repository / "hooks" / name
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)


@contextmanager
def serving(folder: Path, *settings: tuple[str, str]) -> Iterator[Server]:
    """``git daemon`` with an empty repository."""
    repository = folder / "rendered.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", repository], check=True)
    for key, value in settings:
        subprocess.run(["git", "-C", repository, "config", key, value], check=True)
    port = _free_port()
    command = [
        "git",
        "daemon",
        "--reuseaddr",
        "--listen=127.0.0.1",
        f"--port={port}",
        f"--base-path={folder}",
    ]
    log = folder / "daemon.log"
    with log.open("wb") as out:
        arguments = [*command, "--export-all", "--enable=receive-pack", "--max-connections=64", str(folder)]
        daemon = subprocess.Popen(arguments, stderr=out, stdout=out, start_new_session=True)
    try:
        _wait(port)
        yield Server(f"git://127.0.0.1:{port}/rendered.git", repository)
    finally:
        os.killpg(daemon.pid, 15)
        daemon.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    began = time.monotonic()
    while time.monotonic() - began < 10:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("git daemon does not answer")
