"""Processes that end in the middle of what they do: by a kill at a chosen step, or by a system that refuses."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator

CALLS = ("os.", "open", "shutil.", "ctypes.", "fcntl.")
"""The audited calls that reach the system."""
CHANGES = (
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "ctypes.call_function",
)
"""Those that change what stands on the disk, or may; a file that is opened to be written is one more."""


def in_child(action: Callable[[], object]) -> int:
    """Exit status of a real process that does ``action``: negative for the signal that ended it."""
    child = os.fork()
    if child == 0:
        try:
            action()
            os._exit(0)
        except OSError as error:
            os._exit(error.errno or 255)
        except BaseException:
            traceback.print_exc()
            os._exit(254)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(step: int, action: Callable[[], object], *, changes_only: bool = False) -> int:
    """Does ``action`` in a process that kills itself before its ``step``-th call into the system, or change of the disk."""

    def run() -> None:
        left = step

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if not (_changes(event, arguments) if changes_only else event.startswith(CALLS)):
                return
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        action()

    return in_child(run)


def _changes(event: str, arguments: tuple[object, ...]) -> bool:
    if event != "open":
        return event in CHANGES
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def killed_everywhere(
    prepare: Callable[[], object], action: Callable[[], object], *, changes_only: bool = True
) -> Iterator[int]:
    """The number of each step before which ``action`` was killed, after ``prepare``; ends when it came to its end."""
    for step in range(1, 100_000):
        prepare()
        result = killed_at(step, action, changes_only=changes_only)
        if result == 0:
            return
        assert result == -signal.SIGKILL, f"ended with {result} at step {step}"
        yield step
