"""Tree assembly: fills an empty directory with the next tree, new files written and all others taken over from the old
tree.

Taken over is linked, not copied: the time, the mode and the bytes of what did not change stay as they were.
"""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from milepost.emit.disk_state import DiskState, folders_of


def build(directory: Path, state: DiskState) -> None:
    """Makes ``directory`` what ``state`` should be. Raises OSError, and leaves the old tree alone in any case."""
    writing = state.wanting
    files = [path for path, is_folder in state.foreign.items() if not is_folder]
    keeping = sorted((state.files.keys() - set(writing)) | set(files))
    folders = sorted(folders_of([*writing, *keeping]) | folders_of(state.foreign) | _folders(state))
    for folder in folders:
        (directory / folder).mkdir()
    for path in writing:
        _create(f"{directory}/{path}", state.files[path])
    for path in keeping:
        _take_over(f"{state.target}/{path}", f"{directory}/{path}")
    for folder in ["", *folders][::-1] if state.target.is_dir() else ():
        _same_mode(state.target / folder, directory / folder)


def _folders(state: DiskState) -> set[str]:
    return {path for path, is_folder in state.foreign.items() if is_folder}


def _create(path: str, data: bytes) -> None:
    # Raw descriptors: `Path.write_bytes` takes half as long again, for tens of thousands of
    # files. The mode is cut by the user's umask.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        while data:
            # A write may take less than it was given, for instance just before a disk is full.
            data = data[os.write(descriptor, data) :]
    finally:
        os.close(descriptor)


def _take_over(old: str, new: str) -> None:
    """A hard link, or a copy with its times where the file system has none."""
    try:
        # A link keeps the inode and the times, so agents, editors and Git see an untouched
        # file, and unchanged files cost no second copy.
        os.link(old, new, follow_symlinks=False)
    except OSError:
        shutil.copy2(old, new, follow_symlinks=False)


def _same_mode(old: Path, new: Path) -> None:
    """A folder that existed before keeps its mode. Set last, since no file can be created in a folder without write permission."""
    try:
        mode = old.stat(follow_symlinks=False).st_mode
    except OSError:
        return
    if stat.S_ISDIR(mode) and mode != new.stat().st_mode:
        new.chmod(stat.S_IMODE(mode))
