"""File discovery: everything under the spec's root that is named like YAML, in the order of the paths.

Hidden files and folders are left out, and links to folders are not followed. Whether a file may be read is told by who
reads it, and what it is for later still, by who names it and by what is in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from milepost.diagnostics import Code, Sink, Span
from milepost.load.files import YAML
from milepost.load.ignored_files import report_hidden, report_link
from milepost.model.digest import Log
from milepost.model.hidden import is_hidden, is_looked_into

MP1003 = Code(
    "MP1003",
    "file name is not UTF-8",
    "Names of files become part of messages and digests, so they have to be text. The file was left out.",
    "a folder copied from a machine with another encoding",
)
MP1004 = Code(
    "MP1004",
    "unreadable folder",
    "Milepost may not list this folder. A fleet spec is read whole or not at all: what is missing would be removed.",
    "chmod 000 fleet-spec/hunan",
)


def discover(root: Path, sink: Sink, log: Log | None = None) -> tuple[str, ...]:
    """Paths of all files named like YAML, relative to ``root``, with forward slashes, sorted; some may be no files.

    Hidden files that were looked into are noted in the ``log``.
    """
    return tuple(sorted(_walk(root, "", os.path.realpath(root), sink, log)))


def _walk(root: Path, folder: str, real_root: str, sink: Sink, log: Log | None) -> Iterator[str]:
    for entry in _entries(root, folder, sink):
        path = folder + entry.name
        if is_hidden(entry.name):
            if is_looked_into(entry.name):
                report_hidden(root, path, sink, log)
        # Python decodes such names to lone surrogates, which no message can print and no digest
        # should depend on.
        elif not path.isprintable():
            sink.report(MP1003, f"the name {path!a} is not text", Span(ascii(path)), hint="rename it")
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(root, path + "/", real_root, sink, log)
        elif entry.is_symlink() and Path(entry.path).is_dir():
            if not _is_inside(entry, real_root):
                report_link(path, sink)
        elif entry.name.endswith(YAML):
            yield path


def _entries(root: Path, folder: str, sink: Sink) -> list[os.DirEntry[str]]:
    try:
        # Read whole and closed before going deeper: a deep tree would otherwise hold a
        # descriptor for every level.
        with os.scandir(root / folder) as entries:
            return list(entries)
    except OSError as error:
        sink.report(MP1004, f"this folder cannot be read: {error.strerror}", Span(folder or "."))
        return []


def _is_inside(entry: os.DirEntry[str], real_root: str) -> bool:
    return f"{os.path.realpath(entry.path)}{os.sep}".startswith(real_root + os.sep)
