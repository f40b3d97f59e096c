"""A Dask cluster of real processes on loopback, as an operator would start it by hand."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PATIENCE = 60.0
"""Seconds for a process to start on a busy machine."""
_QUIET = ("--no-dashboard", "--host", "127.0.0.1")


@dataclass
class Cluster:
    """``address`` is what ``--executor`` takes."""

    address: str
    workers: list[subprocess.Popen[bytes]]

    def lose_a_worker(self) -> None:
        """As when a machine's power goes."""
        self.workers.pop().kill()


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A scheduler and so many workers of one thread each, which work in ``folder`` and know no other; ended at the end."""
    folder.mkdir()
    meeting = folder / "scheduler.json"
    started = [_start(folder, "dask_scheduler", "--port", "0", "--scheduler-file", meeting)]
    try:
        address = json.loads(_when_written(meeting))["address"]
        started += [
            _start(folder, "dask_worker", address, "--nthreads", "1", "--no-nanny") for _ in range(workers)
        ]
        yield Cluster(address.replace("tcp://", "dask://"), started[1:])
    finally:
        for process in started:
            process.kill()
            process.wait()


def _start(folder: Path, program: str, *arguments: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{program}", *map(str, arguments), *_QUIET],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _when_written(file: Path) -> str:
    end = time.monotonic() + _PATIENCE
    while not file.exists() or not file.read_text().endswith("}"):
        assert time.monotonic() < end, "the scheduler did not start"
        time.sleep(0.05)
    return file.read_text()
