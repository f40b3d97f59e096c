"""Files that are put in place whole or not at all, alone or together."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from milepost.staging.folders import clean, opened, staging
from milepost.staging.locks import locked
from milepost.staging.undo import forget, prepare_undo, undo


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where to write what ``path`` shall hold: it does when the context ends, or holds what it held.

    In one step, with the mode that it had. What a link leads to is replaced, not the link; a pipe or a device is written
    to. Raises OSError.
    """
    # A rename onto a link would replace the link and leave its target as it was.
    real = Path(os.path.realpath(path))
    if real.exists() and not real.is_file():
        yield real
        return
    with locked(real.parent):
        clean(real.parent)
        with staging(real.parent) as place:
            made = opened(place) / "file"
            yield made
            _settle(made, real)
            made.replace(real)


def replace_file(path: Path, data: bytes) -> None:
    """``path`` holds ``data``, or what it held. As ``replacing``."""
    with replacing(path) as made:
        made.write_bytes(data)


def replace_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Each of the ``files`` of ``folder``, by name, in one step; without a promise for power cuts.

    Raises BlockingIOError while another process does the same, and OSError.
    """
    with locked(folder, None):
        clean(folder)
        with staging(folder) as place:
            opened(place)
            for name, data in files.items():
                (place / name).write_bytes(data)
                (place / name).replace(folder / name)


def replace_together(folder: Path, files: Mapping[str, bytes | None]) -> None:
    """All of the ``files`` below ``folder``, by relative path, or none; None takes a file away.

    The caller holds the lock of ``folder``. A process that is killed half way leaves word of what it did, by which the
    next one that takes the lock and cleans takes it back. Raises OSError, and nothing has changed.
    """
    with staging(folder) as place:
        opened(place)
        for number, (path, data) in enumerate(files.items()):
            if data is not None:
                _make(place / f"{number}.new", data, folder / path)
        # Written before the first file changes: a kill at any later moment finds out from it
        # what to take back.
        prepare_undo(place, folder, files)
        try:
            for number, (path, data) in enumerate(files.items()):
                _put(folder / path, place / f"{number}.new" if data is not None else None)
        except BaseException:
            undo(place, folder)
            raise
        forget(place)


def fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make ``folder`` and put all of the ``files`` into it, or none.

    Raises FileExistsError where it holds anything, and OSError.
    """
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(errno.EEXIST, "this is not a folder", str(folder))
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with locked(folder):
            clean(folder)
            if any(folder.iterdir()):
                raise FileExistsError(errno.EEXIST, "this is not an empty folder", str(folder))
            replace_together(folder, files)
    except BaseException:
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def _make(made: Path, data: bytes, target: Path) -> None:
    made.write_bytes(data)
    _settle(made, target)


def _put(target: Path, made: Path | None) -> None:
    if made is None:
        target.unlink()
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    made.replace(target)


def _settle(made: Path, target: Path) -> None:
    """The bytes are on the disk, and the mode is the target's."""
    with made.open("rb") as file:
        # Before the rename: some file systems write the name before the bytes, and after a
        # power cut the file would be empty.
        os.fsync(file.fileno())
    if target.exists():
        shutil.copymode(target, made)
