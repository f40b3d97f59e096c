"""Atomic directory swap: a finished directory takes another's place in one step; leftovers of killed runs are tidied
up.

Linux swaps two directories atomically (``renameat2`` with ``RENAME_EXCHANGE``, Linux 3.15, libc 2.28). Where the
kernel or the file system cannot, two renames do it; a kill between them leaves the old directory aside, in a staging
folder from which the next run puts it back.
"""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path

from milepost.staging import ASIDE

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NOT_HERE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)


def swap(new: Path, target: Path) -> None:
    """Exchange ``target`` and ``new``: afterwards ``new`` holds the old tree, or is gone if there was none.

    ``new`` stands in a folder of the staging folder. Raises OSError, and ``target`` is what it was.
    """
    if not target.is_dir():
        new.rename(target)
    elif not _exchange(new, target):
        _by_two_renames(new, target)


def swap_back(new: Path, target: Path) -> None:
    """Undo ``swap``. Raises OSError."""
    if new.is_dir():
        swap(new, target)
    else:
        target.rename(new)


def _by_two_renames(new: Path, target: Path) -> None:
    # In the staging folder, so that a run that comes after a kill finds the old tree by its
    # place and puts it back.
    aside = new.parents[1] / ASIDE / target.name
    aside.parent.mkdir(exist_ok=True)
    target.rename(aside)
    try:
        new.rename(target)
    except OSError:
        # Between the two renames there is no tree at all, so a refused second one is undone at
        # once.
        aside.rename(target)
        raise
    aside.rename(new)


def _exchange(one: Path, other: Path) -> bool:
    """False where this machine cannot exchange."""
    # Looked up and not declared: older C libraries do not have it, and other systems have none
    # of the name.
    function = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if function is None:
        return False
    if function(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    # What a file system cannot do is no fault: two renames do it instead. Everything else is
    # one, such as a missing permission.
    if code in _NOT_HERE:
        return False
    raise OSError(code, os.strerror(code), str(one), None, str(other))
