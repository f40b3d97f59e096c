"""Referenced files: reads what documents name. A path is relative to the spec's root and stays inside of it."""

from __future__ import annotations

import math
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from milepost.diagnostics import Code, Sink, Span, did_you_mean
from milepost.load.quote import quote
from milepost.model.digest import Log, note

MP1005 = Code(
    "MP1005",
    "invalid file path",
    "A path in a document is relative to the root of the fleet spec, with forward slashes and without `.`, `..` or "
    "empty steps, so that one file has one name on every machine.",
    "stations: [../hunan/stations.csv]",
)
MP1006 = Code(
    "MP1006",
    "file not found",
    "The document names a file that is not in the fleet spec. Names are case-sensitive, also where the file system "
    "is not.",
    "stations: [inventory/hunna/stations.csv]",
)
MP1007 = Code(
    "MP1007",
    "unreadable file",
    "The path leads to a folder, a device, a pipe, a file that may not be read, or through a link out of the fleet spec or "
    "to nowhere. A fleet spec is read whole or not at all: what is missing would be removed.",
    "template: templates/",
)
MP1008 = Code(
    "MP1008",
    "file too large",
    "A YAML file may have 64 MiB, a CSV file 256 MiB, and a template 1 MiB, because a ConfigMap holds no more. Documents "
    "may stand in any number of files, and a Province may name several inventory files.",
    "stations: [all-of-china.yaml]",
)

Place = Callable[[], Span]
_Fault = tuple[Code, str, str | None]
"""Code, message, hint."""
_MIB = 2**20
YAML = (".yaml", ".yml")
_YAML_LIMIT = ("a YAML file", 64 * _MIB, "split it: documents may stand in any number of files")
_LIMITS = {
    ".yaml": _YAML_LIMIT,
    ".yml": _YAML_LIMIT,
    ".csv": ("a CSV file", 256 * _MIB, "split it: a Province may name several files"),
}
_TEMPLATE_LIMIT = (
    "a template",
    _MIB,
    "a ConfigMap holds no more: bring the file in the image, or by a volume",
)
"""Files of other names are only ever templates."""
_LINK_HINT = "put the file itself here, or remove the link"
_HINT = "name a file inside the fleet spec, relative to its root"
_NEIGHBOURS = 1000
"""Names to look for a near one in."""


class Reader:
    """Reads below one root. Each method reports into the sink and gives None where it cannot.

    What was read is noted in the ``log``, so that it is known later what was compiled. What is in ``instead`` is read in
    place of what stands there.
    """

    def __init__(
        self, root: Path, sink: Sink, log: Log | None = None, instead: Mapping[str, bytes] | None = None
    ) -> None:
        self._root, self._sink, self._log, self._instead = root, sink, log, instead or {}
        self._real_root = os.path.realpath(root)

    def named(self, path: str, place: Place) -> bytes | None:
        """The bytes of a file that a document names; ``place`` is asked only when there is a fault."""
        # One spelling for each file: `./a.csv` and `a.csv` would be two entries of the digests
        # by which the cache knows what was read.
        if (plain := plain_path(path)) != path:
            message = f'"{quote(path)}" is not a plain path inside the fleet spec'
            self._sink.report(MP1005, message, place(), hint=f"write {quote(plain)}" if plain else _HINT)
            return None
        return self.read(path, place)

    def read(self, path: str, place: Place) -> bytes | None:
        """The bytes of a file whose path is plain; ``place`` is where a fault is shown."""
        if path in self._instead:
            return self._noted(path, self._instead[path])
        full = self._root / path
        try:
            # Looked at before it is opened: a named pipe would block the compile, and
            # `/dev/zero` has no end.
            fault = self._fault(path, full, full.stat())
            if fault is None:
                return self._noted(path, full.read_bytes())
            code, message, hint = fault
        except (FileNotFoundError, NotADirectoryError):
            code, message, hint = self._missing(path, full)
        except OSError as error:
            code, message, hint = MP1007, f"{quote(path)} cannot be read: {error.strerror}", None
        self._sink.report(code, message, place(), hint=hint)
        return None

    def _noted(self, path: str, data: bytes) -> bytes:
        if self._log is not None:
            note(self._log, path, data)
        return data

    def _fault(self, path: str, full: Path, status: os.stat_result) -> _Fault | None:
        """Why a file is not opened: opening a pipe would wait, and a device may have no end."""
        if stat.S_ISDIR(status.st_mode):
            return MP1007, f"{quote(path)} is a folder", None
        if not stat.S_ISREG(status.st_mode):
            return MP1007, f"{quote(path)} is not a regular file", "put a file here, or remove it"
        # A pull request can bring a link. Followed out of the root, it could render any file of
        # the CI machine into the tree.
        if not os.path.realpath(full).startswith(self._real_root + os.sep):
            return MP1007, f"{quote(path)} is a link out of the fleet spec", _LINK_HINT
        kind, limit, hint = _LIMITS.get(full.suffix, _TEMPLATE_LIMIT)
        if status.st_size > limit:
            size = math.ceil(status.st_size / _MIB * 10) / 10
            message = f"{quote(path)} has {size:.1f} MiB, and {kind} may have {limit // _MIB} MiB"
            return MP1008, message, hint
        return None

    def _missing(self, path: str, full: Path) -> _Fault:
        if full.is_symlink():
            return MP1007, f"{quote(path)} is a link that leads nowhere", _LINK_HINT
        hint = did_you_mean(path, self._neighbours(full))
        return MP1006, f"there is no file {quote(path)} in the fleet spec", hint

    def _neighbours(self, full: Path) -> list[str]:
        """What is below the nearest existing folder, as paths from the root."""
        folder = full.parent
        try:
            while folder != self._root and not folder.is_dir():
                folder = folder.parent
            below = folder.rglob("*") if folder != full.parent else folder.iterdir()
            # Sorted before it is cut: the order of a folder differs between machines, and so
            # would the hint.
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
