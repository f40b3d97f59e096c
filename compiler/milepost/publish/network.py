"""Network Git commands: for so long and no longer, with the other side's words.

Git waits without end for a remote that says nothing. Its own limits are set where it has some; the whole command has one
besides.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from milepost.model.record import by_value
from milepost.registry.errors import plain

LIMITS = {"http.lowSpeedLimit": "1000", "http.lowSpeedTime": "30"}
"""Git's settings: fewer bytes a second for so many seconds end an HTTP transfer."""
SSH = "ssh -o ConnectTimeout=15 -o ServerAliveInterval=15 -o ServerAliveCountMax=4"
LISTING = 60.0
"""Seconds in which a remote tells its branches; it is a few kilobytes."""
_REMOTE = "remote: "
_MOST_LINES = 20
_LINE = re.compile(rb"[^\r\n]*[\r\n]|[^\r\n]+$")

Hear = Callable[[str], None]
"""Takes a line of what Git says, with its line feed or, for progress, carriage return."""


class TimeLimit:
    """A time limit: ``seconds`` for all commands of a publish together."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self, most: float | None = None) -> float:
        rest = max(0.0, self._end - time.monotonic())
        return rest if most is None else min(rest, most)


@by_value
class Said:
    """How a command ended: ``output`` is its own, ``words`` what it told people, ``late`` that it was ended."""

    fine: bool
    output: str
    words: str
    late: bool = False

    @property
    def remote(self) -> list[str]:
        """What the other side said: a hook's reasons stand here and nowhere else."""
        lines = [line for line in re.split(r"[\r\n]+", self.words) if line.startswith(_REMOTE)]
        said = [plain(line.removeprefix(_REMOTE)) for line in lines]
        return [line for line in said if line][:_MOST_LINES]


def own_session() -> bool:
    """Whether a command gets a session of its own, so that all of it can be ended: not where a person may be asked."""
    return not sys.stdin.isatty()


def settings(
    configured: Callable[[str], str], environment: Mapping[str, str] = os.environ
) -> Mapping[str, str]:
    """Limits for Git's configuration, where neither configuration nor environment has some; ``configured`` reads a key."""
    found = {key: value for key, value in LIMITS.items() if not configured(key)}
    if not ({"GIT_SSH_COMMAND", "GIT_SSH"} & environment.keys() or configured("core.sshCommand")):
        found["core.sshCommand"] = SSH
    return found


def finish(process: Any, seconds: float, hear: Hear | None = None) -> Said:
    """Waits for a started command with pipes for both its outputs, and ends it after ``seconds``."""
    words: list[bytes] = []
    # Both pipes are read at once: a command that fills the one nobody reads would stand still.
    listening = threading.Thread(target=_listen, args=(process.stderr, words, hear), daemon=True)
    listening.start()
    over = threading.Event()
    # A timer, because reading a pipe cannot be told to give up.
    clock = threading.Timer(seconds, _end, (process, over))
    clock.daemon = True
    clock.start()
    try:
        output = process.stdout.read()
        listening.join()
        status = process.proc.wait()
    finally:
        clock.cancel()
    said = b"".join(words).decode("utf-8", "replace")
    return Said(
        status == 0 and not over.is_set(), output.decode("utf-8", "surrogateescape"), said, over.is_set()
    )


def _listen(stream: Any, words: list[bytes], hear: Hear | None) -> None:
    rest = b""
    while piece := stream.read1(4096):
        words.append(piece)
        if hear is None:
            continue
        *whole, rest = _LINE.findall(rest + piece) or [b""]
        if rest.endswith((b"\r", b"\n")):
            whole, rest = [*whole, rest], b""
        for line in whole:
            hear(plain(line.decode("utf-8", "replace")) + ("\r" if line.endswith(b"\r") else "\n"))


def _end(process: Any, over: threading.Event) -> None:
    over.set()
    with suppress(OSError):
        if own_session():
            # The whole group: git starts `git-remote-https` or `ssh`, which would hold the pipe
            # open after git is gone.
            os.killpg(process.proc.pid, signal.SIGKILL)
        else:
            # At a terminal the group is the user's own, this program included.
            process.proc.terminate()
