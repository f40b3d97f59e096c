"""The state of a tree on disk against what it should hold: what differs, what is foreign, what is in the way.

Reads only. Never follows a link, never waits on a pipe.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from milepost.emit.ownership import ForeignFileError, owned


@dataclass(frozen=True)
class DiskState:
    """A province's folder against the ``files`` (path to bytes) that it should hold."""

    target: Path
    files: Mapping[str, bytes]

    @cached_property
    def owned(self) -> frozenset[str]:
        return owned(self.target)

    @cached_property
    def differing(self) -> dict[str, str]:
        """Path to ``missing``, ``changed`` or ``stale``."""
        # `lexists`: a dangling link is in the way although `exists` says that nothing is there.
        if not os.path.lexists(self.target):
            return dict.fromkeys(self.files, "missing")
        kinds = {path: _state(f"{self.target}/{path}", data) for path, data in self.files.items()}
        found = {path: kind for path, kind in kinds.items() if kind}
        gone = (path for path in self.owned - self.files.keys() if os.path.lexists(self.target / path))
        return found | dict.fromkeys(gone, "stale")

    @cached_property
    def wanting(self) -> list[str]:
        """The paths that must be written."""
        return [path for path, kind in self.differing.items() if kind != "stale"]

    @cached_property
    def entries(self) -> dict[str, bool]:
        """Everything that stands there: relative path to whether it is a folder."""
        return dict(_walk(self.target)) if self.target.is_dir() else {}

    @cached_property
    def foreign(self) -> dict[str, bool]:
        """The entries that are neither owned nor wanted; a folder is Milepost's if it holds something owned."""
        ours = self.owned | self.files.keys()
        folders = folders_of(self.owned)
        return {
            path: is_folder
            for path, is_folder in self.entries.items()
            if path not in (folders if is_folder else ours)
        }

    def refuse_conflicts(self) -> None:
        """A wanted path must be free, owned, or foreign with the very bytes that are wanted.

        Raises ForeignFileError.
        """
        if os.path.lexists(self.target) and not _is_folder(self.target):
            raise ForeignFileError(self.target.parent, [self.target.name])
        beside = {
            path for path in self.wanting if path in self.entries and not self.entries[path]
        } - self.owned
        # A folder of somebody's where a file is wanted, or a file where a folder is: both would
        # be lost by a swap.
        below = (self.foreign.keys() | folders_of(self.foreign)).intersection(self.wanting)
        above = {path for path in folders_of(self.files) if not self.foreign.get(path, True)}
        if conflicts := beside | below | above:
            raise ForeignFileError(self.target, conflicts)


def folders_of(paths: Iterable[str]) -> set[str]:
    """Every folder that the paths stand in."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _state(path: str, data: bytes) -> str:
    try:
        # Without O_NONBLOCK, opening a pipe that lies in the place of a file waits for a writer
        # for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    except OSError:
        return "changed"
    try:
        # One byte more than wanted shows a longer file. One read and no `stat` first: comparing
        # 5,000 files this way was measured at 0.04 s, a whole new tree at 0.7 s and more.
        same = os.read(descriptor, len(data) + 1) == data and stat.S_ISREG(os.fstat(descriptor).st_mode)
        return "" if same else "changed"
    except OSError:
        return "changed"
    finally:
        os.close(descriptor)


def _walk(directory: Path) -> Iterable[tuple[str, bool]]:
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        with os.scandir(directory / prefix) as entries:
            for entry in entries:
                is_folder = entry.is_dir(follow_symlinks=False)
                yield prefix + entry.name, is_folder
                if is_folder:
                    waiting.append(f"{prefix}{entry.name}/")


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
