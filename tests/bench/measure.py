"""Runs a command and says what it cost: wall and processor seconds of all its processes, and the memory they held.

Memory is sampled in runs of its own, because looking costs time.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

_PAUSE = 0.02
"""Seconds between two looks at the memory."""


class FailedError(RuntimeError):
    """The command did not do its work."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock, and seconds that processors worked."""

    wall: float
    cpu: float


def run(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Cost:
    """What one run of ``command`` costs. Raises FailedError, with what it said, unless it exits with 0."""
    start = perf_counter()
    process = _started(command, env, cwd)
    said = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    wall = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise FailedError(
            f"{command[0]} ended with {process.returncode}: {said.decode(errors='replace')[-400:]}"
        )
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def least(costs: Sequence[Cost]) -> Cost:
    """The lowest of each: what is above it is the machine's other work."""
    return Cost(min(c.wall for c in costs), min(c.cpu for c in costs))


def peak(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> int:
    """Most bytes that all processes of ``command`` held at one time; pages that they share count once."""
    process = _started(command, env, None)
    found, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(_PAUSE):
            found.append(sum(_held(pid) for pid in _family(process.pid)))

    watcher = threading.Thread(target=look)
    watcher.start()
    process.communicate()
    over.set()
    watcher.join()
    return max(found)


def _started(
    command: Sequence[str | Path], env: Mapping[str, str] | None, cwd: Path | None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(part) for part in command],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _family(pid: int) -> list[int]:
    """The process, its children and theirs."""
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        try:
            for task in Path(f"/proc/{found[-1]}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


def _held(pid: int) -> int:
    """Proportional set size in bytes; a process that has just ended holds nothing."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
