"""Input digests: everything that a province can see of a fleet spec, as one SHA-256.

All documents count, and what they name, except for what belongs to other provinces alone: their inventory, and files
that hold only their Province and StationGroup documents.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from milepost.model.digest import combined
from milepost.model.hidden import is_hidden, is_looked_into

if TYPE_CHECKING:
    from milepost.model.parsed import ParsedSpec


_ALL = frozenset({""})
_YAML = (".yaml", ".yml")
_NO_FILE = "no file"


def spec_files(root: Path) -> dict[str, str]:
    """Every file below ``root`` (path with forward slashes, sorted) with the digest of its bytes. Raises OSError."""
    return {path: _digest(root / path) for path in sorted(_walk(root))}


def agree(files: Mapping[str, str], read: Mapping[str, str]) -> bool:
    """Whether the ``files`` of a folder are what was ``read`` of it later: the same bytes, and no document beside them."""
    documents = {path for path, digest in files.items() if path.endswith(_YAML) and digest != _NO_FILE}
    return documents <= read.keys() and all(files.get(path) == digest for path, digest in read.items())


def seen_by(province: str, spec: ParsedSpec, tables: Mapping[str, str]) -> str:
    """The digest of what ``province`` can see: of the documents as they were read, and of its ``tables``."""
    owners = _owners(spec)
    shared = spec.source.digests.items()
    return combined(
        # Files of other provinces are left out, so that an edit in one province recompiles it alone.
        {path: digest for path, digest in shared if owners.get(path, _ALL) & {province, *_ALL}} | {**tables}
    )


def tables_of(province: str, spec: ParsedSpec) -> tuple[str, ...]:
    """The paths of its inventory."""
    body = spec.provinces[province].model.spec
    return (*body.stations, *body.nodes, *body.addresses, *body.devices)


@lru_cache(maxsize=1)
def _owners(spec: ParsedSpec) -> dict[str, set[str]]:
    """The provinces that a file of documents belongs to alone; ``""`` where it is everybody's."""
    owners: dict[str, set[str]] = {}
    for document in spec.source.documents:
        owner = document.name if document.kind == "Province" else ""
        if document.kind == "StationGroup":
            owner = spec.station_groups[document.name].model.spec.province
        owners.setdefault(document.path, set()).add(owner)
    return owners


def _digest(path: Path) -> str:
    """Of a pipe or a device, that it is none: reading it might never end."""
    if not path.is_file():
        return _NO_FILE
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _walk(root: Path) -> Iterator[str]:
    """Skips hidden files, except for those that ``load`` reads."""
    for folder, folders, names in os.walk(root):
        relative = os.path.relpath(folder, root).replace(os.sep, "/")
        folders[:] = filter(is_looked_into, folders)
        hidden = any(map(is_hidden, relative.split("/"))) and relative != "."
        # `os.walk` lists a link to a folder among the folders and does not follow it, as load
        # does not; that it is there still counts.
        names += (name for name in folders if Path(folder, name).is_symlink())
        for name in names:
            if not (hidden or is_hidden(name)) or (is_looked_into(name) and name.endswith(_YAML)):
                yield name if relative == "." else f"{relative}/{name}"
