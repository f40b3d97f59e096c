"""States of files: size, times and inode, by which a file that nobody has touched since is known without reading it.

As in Git, an edit in the same tick of the clock as the file's own time would not show; so a state counts once its
file is older than a tick.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from milepost.emit.ownership import owned

FileState = tuple[int, int, int, int]
"""Size, time of content and time of state in nanoseconds, inode."""
_TICK = 20_000_000
"""Nanoseconds; file systems count times in ticks of at most 10 ms."""


def file_states(directory: Path, paths: Iterable[str]) -> dict[str, FileState]:
    """The states of those ``paths`` that are there."""
    found = {}
    for path in paths:
        try:
            # By text and not by Path: this runs for every file of the fleet, and making a Path
            # costs more than the call.
            state = os.lstat(f"{directory}/{path}")
        except OSError:
            continue
        found[path] = (state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
    return found


def signature(found: Mapping[str, FileState]) -> str:
    """One digest of many states."""
    lines = (
        f"{path}\0{size}\0{content}\0{state}\0{inode}"
        for path, (size, content, state, inode) in sorted(found.items())
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def standing_signature(directory: Path) -> str | None:
    """The signature of the files that Milepost owns in ``directory``; None where one is missing or nothing stands."""
    paths = owned(directory)
    found = file_states(directory, paths)
    return signature(found) if found and len(found) == len(paths) else None


def settle(found: Iterable[FileState]) -> bool:
    """Wait until the youngest is older than a tick; whether that was needed."""
    newest = max((max(content, state) for _, content, state, _ in found), default=0)
    left = newest + _TICK - time.time_ns()
    # A time in the future comes from a wrong clock; waiting for it could take for ever.
    if not 0 < left <= _TICK:
        return False
    time.sleep(left / 1e9)
    return True


def same_file(one: FileState, other: FileState) -> bool:
    """Whether both are of one file with one content; a link to it, made or removed, moves the time of its state only."""
    return (one[0], one[1], one[3]) == (other[0], other[1], other[3])
