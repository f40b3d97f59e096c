"""Word of a change of several files, left in a staging folder, by which half of it can be taken back.

It stands before the first file changes and goes, in one step, when the last one has.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

UNDO = "undo.json"
"""Of each file: path, name of the old content beside it or null, digest of the new content or null, folders to be made."""


def prepare_undo(place: Path, folder: Path, files: Mapping[str, bytes | None]) -> None:
    """Write down, in the staging folder ``place``, how ``files`` below ``folder`` are before they change."""
    entries = [_entry(place, folder, number, path, data) for number, (path, data) in enumerate(files.items())]
    part = place / "part"
    part.write_text(json.dumps(entries))
    with part.open("rb") as file:
        os.fsync(file.fileno())
    # By rename, so that half a record is never read as one.
    part.replace(place / UNDO)


def undo(place: Path, folder: Path) -> None:
    """Restore the files, except for those that were edited since. Raises OSError."""
    try:
        entries = json.loads((place / UNDO).read_bytes())
    except (OSError, ValueError):
        return
    for entry in entries if isinstance(entries, list) else ():
        with contextlib.suppress(KeyError, TypeError):
            _put_back(place, folder, entry)
    forget(place)


def forget(place: Path) -> None:
    """The change is whole."""
    (place / UNDO).unlink()


def _entry(place: Path, folder: Path, number: int, path: str, data: bytes | None) -> dict[str, Any]:
    old = None
    if (folder / path).exists():
        old = f"{number}.old"
        shutil.copy2(folder / path, place / old)
    folders = [above.as_posix() for above in Path(path).parents[:-1] if not (folder / above).exists()]
    new = None if data is None else hashlib.sha256(data).hexdigest()
    return {"path": path, "old": old, "new": new, "folders": folders}


def _put_back(place: Path, folder: Path, entry: dict[str, Any]) -> None:
    """Word that leads out of the folder is none of ours: a staging folder may have come with a checkout."""
    target = folder / entry["path"]
    real = Path(os.path.realpath(target.parent))
    if not real.is_relative_to(os.path.realpath(folder)) or ".." in target.parts:
        return
    # Only what the step itself wrote is taken back; a person may have edited the file since.
    if _digest(target) == entry["new"]:
        if entry["old"] is not None:
            (place / Path(entry["old"]).name).replace(target)
        else:
            target.unlink(missing_ok=True)
    for above in Path(entry["path"]).parents[:-1]:
        if above.as_posix() in entry["folders"]:
            with contextlib.suppress(OSError):
                (folder / above).rmdir()


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None
