"""Programs that run beside a test, and end with it whatever happens to it."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


def _end_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Programs:
    """What was started, in order; ``stop`` ends it in the reverse."""

    folder: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(
        self, name: str, command: Sequence[str | Path], ready: Callable[[], bool], seconds: float = 120
    ) -> None:
        """Raises AssertionError with the end of its log where it ends, or is not ready in time."""
        log = self.folder / f"{name}.log"
        with log.open("ab") as out:
            process = subprocess.Popen(
                list(map(str, command)), cwd=self.folder, stdout=out, stderr=out, preexec_fn=_end_with_parent
            )
        self.running[name] = process
        until = time.monotonic() + seconds
        while not ready():
            told = log.read_text(errors="replace")[-3000:]
            assert process.poll() is None, f"{name} ended\n{told}"
            assert time.monotonic() < until, f"{name} is not ready after {seconds:.0f} s\n{told}"
            time.sleep(0.1)

    def stop(self, name: str | None = None) -> None:
        """One of them, or all."""
        for each in [name] if name else list(self.running)[::-1]:
            process = self.running.pop(each, None)
            if process is not None and process.poll() is None:
                # What it would save on its way out goes with the folder.
                process.kill()
                process.wait()
