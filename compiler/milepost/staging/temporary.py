"""Temporary folders of a command: gone with it, and where it was killed, with the next one of its kind."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from milepost.staging.folders import remove
from milepost.staging.locks import locked

_FRESH = 60.0
"""Seconds in which a folder may not have been locked yet by whoever made it."""


@contextlib.contextmanager
def temporary(purpose: str) -> Iterator[Path]:
    """A new folder of that ``purpose``, a word that no other one begins with. Raises OSError."""
    prefix = f"milepost-{purpose}-"
    for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with contextlib.suppress(OSError):
            _remove(left)
    with tempfile.TemporaryDirectory(prefix=prefix) as name, locked(Path(name)):
        yield Path(name)


def _remove(left: Path) -> None:
    """What a killed command left: nobody holds its lock. Raises OSError."""
    found = left.lstat()
    # Everybody may put a link of such a name into the folder for temporary files.
    if left.is_symlink() or found.st_uid != os.getuid() or time.time() - found.st_mtime < _FRESH:
        return
    with locked(left, None):
        remove(left)
