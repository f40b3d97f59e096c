"""Staging folders: where files are made before they are put in place, in one step, beside what they replace.

A staging folder stands in the folder that it serves, so that one rename leads out of it. It ignores itself in Git, and
whoever makes one holds the lock of the folder that it serves: a staging folder that stands while nobody holds that lock
was left by a process that was killed, and the next one that takes the lock removes it.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from milepost.staging.undo import UNDO, undo

_NAME = re.compile(r"\.milepost-([-a-z0-9.]+-)?[0-9a-f]{8}")
"""Version 0.1.0 had a province's name in it."""
ASIDE = "aside"
"""What was moved out of its place, in a staging folder, by its name: put back if nothing stands there any more."""


def name() -> str:
    """A name that no other staging folder has."""
    return f".milepost-{secrets.token_hex(4)}"


@contextlib.contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Where a staging folder of ``folder`` may be ``opened``, by this process or those that it forks; gone in the end."""
    place = folder / name()
    try:
        yield place
    finally:
        remove(place)


def opened(place: Path) -> Path:
    """The staging folder itself, made where it is not there yet. Raises OSError."""
    place.mkdir(exist_ok=True)
    # So that a run that was killed does not put half a tree into somebody's `git add -A`.
    (place / ".gitignore").write_text("*\n")
    return place


def leftovers(folder: Path) -> list[Path]:
    """Staging folders that stand in ``folder``, sorted."""
    try:
        with os.scandir(folder) as entries:
            return sorted(
                folder / entry.name
                for entry in entries
                if _NAME.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
            )
    except (FileNotFoundError, NotADirectoryError):
        return []


def pending(folder: Path) -> bool:
    """Whether a change of several files in ``folder`` is half done: by a process that was killed, or in this moment."""
    return any((place / UNDO).exists() for place in leftovers(folder))


def clean(folder: Path) -> None:
    """Ends what killed processes left in ``folder``, which is locked: takes back half a change, puts back what was
    aside, removes the rest. Raises OSError where a change cannot be taken back.
    """
    for place in leftovers(folder):
        undo(place, folder)
        with contextlib.suppress(OSError):
            for moved in (place / ASIDE).iterdir():
                # Only where nothing stands: the swap may have been finished just before the
                # kill.
                if not os.path.lexists(folder / moved.name):
                    moved.rename(folder / moved.name)
        remove(place)


def remove(directory: Path) -> None:
    """As much as can be: what cannot be removed now is a leftover for the next one."""
    if os.path.lexists(directory):
        shutil.rmtree(directory, onerror=_open_and_retry)


def _open_and_retry(function: object, path: str, _error: object) -> None:
    """A directory without write permission keeps its entries until it gets it."""
    with contextlib.suppress(OSError):
        Path(path).parent.chmod(stat.S_IRWXU)
        Path(path).unlink()
