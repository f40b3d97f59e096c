"""``git fast-import`` streams: commits of only what changed, no index, no work tree."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from milepost.publish.review.read.tree_source import TreeEntry
from milepost.publish.trees import ProvinceTree

_NOBODY = b"committer Milepost <milepost@localhost> 0 +0000\n"
"""These commits carry trees into the repository and are thrown away; the published ones are made of their trees."""


def change(
    reference: str, parent: str | None, old: Mapping[str, TreeEntry], tree: ProvinceTree, algorithm: str
) -> Iterator[bytes]:
    """A commit on ``reference`` that makes the files of ``parent`` those of ``tree``."""
    yield f"commit {reference}\n".encode() + _NOBODY + b"data 0\n"
    yield f"from {parent}\n".encode() if parent else b""
    files = tree.named(algorithm)
    # Removals first: where a file becomes a folder, removing the file afterwards would take the
    # folder with it.
    for path in sorted(old.keys() - files.keys()):
        yield f"D {_quoted(path)}\n".encode("utf-8", "surrogateescape")
    for path, entry in files.items():
        # What is equal comes from the parent commit, so the stream holds only what differs.
        if old.get(path) != entry:
            data = tree.read(path)
            head = f"M {entry.mode} inline {_quoted(path)}\ndata {len(data)}\n"
            yield head.encode("utf-8", "surrogateescape") + data + b"\n"
    yield b"\n"


def _quoted(path: str) -> str:
    """Git's C-style quotes take JSON's for the characters that matter here."""
    return json.dumps(path, ensure_ascii=False)
