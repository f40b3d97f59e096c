"""Git tree ids without Git: to know that nothing changed before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from milepost.publish.review.read.tree_source import TreeEntry

_DIRECTORY = "40000"


def tree_id(files: Mapping[str, TreeEntry], algorithm: str = "sha1") -> str:
    """The hexadecimal id of the root tree; ``files`` by path with forward slashes."""
    folders: dict[str, dict[str, TreeEntry]] = {"": {}}
    for path, entry in files.items():
        folder, _, name = path.rpartition("/")
        _folder(folders, folder)[name] = entry
    # From the deepest outward, the root last: a folder's id is made of those of what it holds.
    for folder in sorted(folders, key=lambda path: -path.count("/") if path else 1):
        named = TreeEntry.of(_DIRECTORY, _id(folders[folder], algorithm))
        if not folder:
            return named.id
        parent, _, name = folder.rpartition("/")
        folders[parent][name] = named
    raise AssertionError("the root is always there")


def _folder(folders: dict[str, dict[str, TreeEntry]], path: str) -> dict[str, TreeEntry]:
    """The folder of that path, and every folder above it, made where they are missing."""
    if path not in folders:
        folders[path] = {}
        _folder(folders, path.rpartition("/")[0])
    return folders[path]


def _id(entries: Mapping[str, TreeEntry], algorithm: str) -> str:
    rows = b"".join(
        f"{entry.mode.lstrip('0')} ".encode()
        + name.encode("utf-8", "surrogateescape")
        + b"\0"
        + bytes.fromhex(entry.id)
        for name, entry in sorted(entries.items(), key=_order)
    )
    return hashlib.new(algorithm, b"tree %d\0" % len(rows) + rows, usedforsecurity=False).hexdigest()


def _order(item: tuple[str, TreeEntry]) -> bytes:
    """Git sorts a folder as if its name ended in a slash."""
    name, entry = item
    return name.encode("utf-8", "surrogateescape") + (b"/" if entry.mode == _DIRECTORY else b"")
