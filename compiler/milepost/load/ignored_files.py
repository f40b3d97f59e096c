"""Ignored files: documents below hidden names and links, reported once for each name.

What a link to a folder leads to is not looked at: it may be anything, of any size.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from milepost.diagnostics import Code, Severity, Sink, Span
from milepost.diagnostics.wording import and_more
from milepost.load.envelope import looks_like_documents
from milepost.load.files import YAML, Reader
from milepost.load.quote import quote
from milepost.model.digest import Log
from milepost.model.hidden import is_looked_into

MP1009 = Code(
    "MP1009",
    "ignored documents",
    "Files and folders whose names start with a dot are no part of a fleet spec, and links to folders outside of it are "
    "not followed: the same commit has to be the same fleet on every machine. What is in them has no effect.",
    "fleet-spec/.hunan/province.yaml",
    Severity.WARNING,
)


def report_hidden(root: Path, path: str, sink: Sink, log: Log | None = None) -> None:
    """A warning where the hidden file or folder ``path`` holds documents of a fleet spec; what was read is noted."""
    found = sorted(_documents(root, path, log))
    if found:
        more = and_more(len(found) - 1, "file").lstrip()
        others = f" ({more} in {quote(path)})" if more else ""
        message = f"{quote(found[0])} is hidden, so its documents have no effect{others}"
        hint = "name it without the dot in front, or move it out of the fleet spec"
        sink.report(MP1009, message, Span(found[0]), hint=hint)


def report_link(path: str, sink: Sink) -> None:
    """A warning for a link to a folder outside of the fleet spec."""
    message = f"{quote(path)} is a link to a folder outside of the fleet spec, so nothing in it is read"
    sink.report(MP1009, message, Span(path), hint="put the folder itself here, or remove the link")


def _documents(root: Path, path: str, log: Log | None) -> Iterator[str]:
    if not (root / path).is_dir():
        yield from [path] if _holds_documents(root, path, log) else []
    for folder, folders, names in os.walk(root / path):
        # In place, which is how `os.walk` is told where not to go: `.git` has more files than
        # the fleet.
        folders[:] = filter(is_looked_into, folders)
        for name in names:
            inner = Path(folder, name).relative_to(root).as_posix()
            if _holds_documents(root, inner, log):
                yield inner


def _holds_documents(root: Path, path: str, log: Log | None) -> bool:
    if not path.endswith(YAML) or not path.isprintable():
        return False
    data = Reader(root, Sink(), log).read(path, partial(Span, path))
    return data is not None and looks_like_documents(data)
