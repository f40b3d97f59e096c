"""Whether a tree stands as it was written: size, times and inode of every file that Milepost owns in it.

A file edited by hand, replaced, or checked out again differs in at least one of them. As in Git, an edit in the same
tick of the clock as the record would not show; so a record waits until its newest file is older than a tick.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from milepost import emit

_TICK = 0.02
"""Seconds; file systems count times in ticks of at most 10 ms."""


def signature(directory: Path) -> str | None:
    """A digest of how the owned files stand, or None where one is missing or nothing stands."""
    owned = sorted(emit.owned(directory))
    found: list[str] = []
    try:
        for path in owned:
            state = os.lstat(f"{directory}/{path}")
            found.append(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\0{state.st_ctime_ns}\0{state.st_ino}")
    except OSError:
        return None
    return hashlib.sha256("\n".join(found).encode()).hexdigest() if found else None


def settle() -> None:
    """Wait until anything written before is older than a tick."""
    time.sleep(_TICK)
