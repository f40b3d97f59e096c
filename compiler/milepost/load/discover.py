"""Which files make up a fleet spec: every YAML file under its root, in the order of their paths.

Hidden files and folders are left out, links to folders are not followed, and a link to a file counts only while it
stays inside the root. What a file is for is told later, by who names it and by what is in it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from milepost.diagnostics import Code, Sink, Span

MP1003 = Code(
    "MP1003",
    "File name that is not UTF-8",
    "Names of files become part of messages and digests, so they have to be text. The file was left out.",
    "a folder copied from a machine with another encoding",
)
MP1004 = Code(
    "MP1004",
    "Folder that cannot be read",
    "Milepost may not list this folder. A fleet spec is read whole or not at all: what is missing would be removed.",
    "chmod 000 fleet-spec/hunan",
)

_YAML = (".yaml", ".yml")


def discover(root: Path, sink: Sink) -> tuple[str, ...]:
    """Paths of all YAML files, relative to ``root``, with forward slashes, sorted."""
    return tuple(sorted(_walk(root, "", os.path.realpath(root), sink)))


def _walk(root: Path, folder: str, real_root: str, sink: Sink) -> Iterator[str]:
    for entry in _entries(root, folder, sink):
        if entry.name.startswith("."):
            continue
        path = folder + entry.name
        if not path.isprintable():
            sink.report(MP1003, f"the name {path!a} is not text", Span(ascii(path)), hint="rename it")
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(root, path + "/", real_root, sink)
        elif entry.name.endswith(_YAML) and _is_file_inside(entry, real_root):
            yield path


def _entries(root: Path, folder: str, sink: Sink) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(root / folder) as entries:
            return list(entries)
    except OSError as error:
        sink.report(MP1004, f"this folder cannot be read: {error.strerror}", Span(folder or "."))
        return []


def _is_file_inside(entry: os.DirEntry[str], real_root: str) -> bool:
    try:
        if not stat.S_ISREG(entry.stat().st_mode):
            return False
    except OSError:
        return False
    return not entry.is_symlink() or os.path.realpath(entry.path).startswith(real_root + os.sep)
