"""Reads the files that documents name. A path is relative to the root of the fleet spec and stays inside of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from milepost.diagnostics import Code, Sink, Span, did_you_mean
from milepost.load.shown import shown

MP1005 = Code(
    "MP1005",
    "Path that is not plain",
    "A path in a document is relative to the root of the fleet spec, with forward slashes and without `.`, `..` or "
    "empty steps, so that one file has one name on every machine.",
    "stations: [../hunan/stations.csv]",
)
MP1006 = Code(
    "MP1006",
    "File that does not exist",
    "The document names a file that is not in the fleet spec. Names are case-sensitive, also where the file system "
    "is not.",
    "stations: [inventory/hunna/stations.csv]",
)
MP1007 = Code(
    "MP1007",
    "File that cannot be used",
    "The path leads to a folder, a device, a file that may not be read, or through a link out of the fleet spec.",
    "template: templates/",
)
MP1008 = Code(
    "MP1008",
    "File too large",
    "A YAML file may have 64 MiB, a CSV file 256 MiB, a template 1 MiB (which is what a ConfigMap may hold). "
    "Split it; a document may name several files.",
    "stations: [all-of-china.yaml]",
)

Place = Callable[[], Span]
_MIB = 2**20
_LIMITS = {".yaml": 64 * _MIB, ".yml": 64 * _MIB, ".csv": 256 * _MIB}
_OTHER_LIMIT = _MIB
_HINT = "name a file inside the fleet spec, relative to its root"
_NEIGHBOURS = 1000
"""Names to look for a near one in."""


class Reader:
    """Reads below one root. Each method reports into the sink and gives None where it cannot."""

    def __init__(self, root: Path, sink: Sink) -> None:
        self._root, self._sink = root, sink
        self._real_root = os.path.realpath(root)

    def named(self, path: str, place: Place) -> bytes | None:
        """The bytes of a file that a document names; ``place`` is asked only when there is a fault."""
        if (plain := plain_path(path)) != path:
            message = f'"{shown(path)}" is not a plain path inside the fleet spec'
            self._sink.report(MP1005, message, place(), hint=f"write {shown(plain)}" if plain else _HINT)
            return None
        return self.read(path, place)

    def read(self, path: str, place: Place) -> bytes | None:
        """The bytes of a file whose path is plain; ``place`` is where a fault is shown."""
        full = self._root / path
        try:
            status = full.stat()
            if refusal := self._refusal(full, status):
                self._sink.report(MP1007, f"{shown(path)} {refusal}", place())
                return None
            if status.st_size > (limit := _LIMITS.get(full.suffix, _OTHER_LIMIT)):
                message = (
                    f"{shown(path)} has {status.st_size // _MIB} MiB, and {limit // _MIB} MiB is the limit"
                )
                self._sink.report(MP1008, message, place(), hint="split it")
                return None
            return full.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            hint = did_you_mean(path, self._neighbours(full))
            self._sink.report(MP1006, f"there is no file {shown(path)} in the fleet spec", place(), hint=hint)
        except OSError as error:
            self._sink.report(MP1007, f"{shown(path)} cannot be read: {error.strerror}", place())
        return None

    def _refusal(self, full: Path, status: os.stat_result) -> str | None:
        if stat.S_ISDIR(status.st_mode):
            return "is a folder"
        if not stat.S_ISREG(status.st_mode):
            return "is not a regular file"
        if not os.path.realpath(full).startswith(self._real_root + os.sep):
            return "is a link out of the fleet spec"
        return None

    def _neighbours(self, full: Path) -> list[str]:
        """What is below the nearest existing folder, as paths from the root."""
        folder = full.parent
        try:
            while folder != self._root and not folder.is_dir():
                folder = folder.parent
            below = folder.rglob("*") if folder != full.parent else folder.iterdir()
            return sorted(p.relative_to(self._root).as_posix() for p in below)[:_NEIGHBOURS]
        except OSError:
            return []


def plain_path(path: str) -> str | None:
    """The one way to write a path: forward slashes, no ``.`` or empty steps. None if it is absolute or has ``..``."""
    slashed = path.replace("\\", "/")
    if not path.isprintable() or slashed.startswith("/") or slashed[1:2] == ":":
        return None
    steps = [step for step in slashed.split("/") if step not in ("", ".")]
    if not steps or ".." in steps or path.endswith("/"):
        return None
    return str(PurePosixPath(*steps))
