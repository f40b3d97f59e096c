"""Puts a finished directory in another's place in one step, and tidies up after a run that was killed.

Linux swaps two directories atomically (``renameat2`` with ``RENAME_EXCHANGE``, Linux 3.15, libc 2.28). Where the
kernel or the file system cannot, two renames do it; a kill between them leaves the old directory under a name from
which the next run puts it back.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NOT_HERE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)


@contextlib.contextmanager
def staging(target: Path) -> Iterator[Path]:
    """An empty sibling directory to build the next ``target`` in; what it holds in the end is removed.

    Raises BlockingIOError while another run writes the same province.
    """
    with contextlib.ExitStack() as locks:
        if target.is_dir():
            locks.callback(os.close, _lock(target))
        new = target.with_name(f".milepost-{target.name}-{secrets.token_hex(4)}")
        new.mkdir()
        locks.callback(_remove, new)
        locks.callback(os.close, _lock(new))
        yield new


def swap(new: Path, target: Path) -> None:
    """``target`` becomes what ``new`` was; afterwards ``new`` is the old one, or gone if there was none."""
    if not target.is_dir():
        new.rename(target)
    elif not _exchange(new, target):
        aside = _aside(target)
        target.rename(aside)
        new.rename(target)
        aside.rename(new)


def recover(target: Path) -> None:
    """Ends what a killed run of this province left half done; what a living run holds is left to it."""
    if not target.parent.is_dir():
        return
    leftover = re.compile(rf"\.milepost-{re.escape(target.name)}-([0-9a-f]{{8}}|aside)")
    with os.scandir(target.parent) as entries:
        names = [entry.name for entry in entries if leftover.fullmatch(entry.name)]
    for name in names:
        with contextlib.suppress(BlockingIOError, FileNotFoundError):
            _put_back_or_remove(target.with_name(name), target)


def _put_back_or_remove(leftover: Path, target: Path) -> None:
    lock = _lock(leftover)
    try:
        if leftover == _aside(target) and not os.path.lexists(target):
            leftover.rename(target)
        else:
            _remove(leftover)
    finally:
        os.close(lock)


def _aside(target: Path) -> Path:
    return target.with_name(f".milepost-{target.name}-aside")


def _exchange(one: Path, other: Path) -> bool:
    """False where this machine cannot exchange."""
    function = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if function is None:
        return False
    if function(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NOT_HERE:
        return False
    raise OSError(code, os.strerror(code), str(one), None, str(other))


def _lock(directory: Path) -> int:
    """An open, locked descriptor; the lock goes with the process. A file system without locks has none."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise BlockingIOError(
            errno.EAGAIN, "another run of Milepost is writing here", str(directory)
        ) from None
    except OSError:
        pass
    return descriptor


def _remove(directory: Path) -> None:
    """Best effort: what cannot be removed now is a leftover of the next run."""
    shutil.rmtree(directory, onerror=_open_and_retry)


def _open_and_retry(function: object, path: str, _error: object) -> None:
    """A directory without write permission keeps its entries until it gets it."""
    with contextlib.suppress(OSError):
        Path(path).parent.chmod(stat.S_IRWXU)
        Path(path).unlink()
