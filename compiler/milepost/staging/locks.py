"""The lock of a folder: whoever stages in it, or changes what stands in it, holds it meanwhile."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path


@contextlib.contextmanager
def locked(
    folder: Path, waiting: Callable[[], None] | None = lambda: None, *, shared: bool = False
) -> Iterator[None]:
    """Holds the lock of ``folder``. Waits for another process that has it, after calling ``waiting``.

    ``shared`` locks keep off only the others. A lock ends with its process and those that it forked; a file system
    without locks has none. Raises BlockingIOError instead of waiting where ``waiting`` is None, and OSError where the
    folder cannot be opened.
    """
    while True:
        # The folder itself and no lock file: nothing has to be made, ignored or cleaned away.
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _lock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX, waiting)
            if _is_still(folder, descriptor):
                yield
                return
        finally:
            os.close(descriptor)


def _lock(descriptor: int, kind: int, waiting: Callable[[], None] | None) -> None:
    try:
        # `flock` and not `lockf`: it belongs to the open file, so forked workers share it and
        # it ends with the last of them.
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        if waiting is None:
            raise
        waiting()
        fcntl.flock(descriptor, kind)
    except OSError:
        pass


def _is_still(folder: Path, descriptor: int) -> bool:
    """Whether the folder is the one that was opened: it may have been replaced while its lock was waited for."""
    try:
        return os.path.samestat(folder.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
