"""What a province can see of a fleet spec, as a digest.

All files count, named by documents or not, except those that belong to other provinces alone: their inventory, and
files that hold only their Province and StationGroup documents.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from milepost.model.hidden import is_hidden, is_looked_into

if TYPE_CHECKING:
    from milepost.model.parsed import ParsedSpec


_ALL = frozenset({""})


def spec_files(root: Path) -> dict[str, str]:
    """Every file below ``root`` (path with forward slashes, sorted) with the digest of its bytes. Raises OSError."""
    return {path: _digest(root / path) for path in sorted(_walk(root))}


def combined(files: Mapping[str, str]) -> str:
    """One digest of many."""
    return hashlib.sha256(
        "\0".join(f"{path}\0{digest}" for path, digest in sorted(files.items())).encode()
    ).hexdigest()


def seen_by(province: str, files: Mapping[str, str], spec: ParsedSpec) -> str:
    """The digest of what ``province`` can see."""
    owners = _owners(spec)
    return combined(
        {path: digest for path, digest in files.items() if owners.get(path, _ALL) & {province, *_ALL}}
    )


def _tables(spec: ParsedSpec, province: str) -> Iterator[str]:
    body = spec.provinces[province].model.spec
    yield from body.stations
    yield from body.nodes


@lru_cache(maxsize=1)
def _owners(spec: ParsedSpec) -> dict[str, set[str]]:
    """The provinces that a file belongs to alone, by its tables and its documents; ``""`` where it is everybody's."""
    owners: dict[str, set[str]] = {}
    for name in spec.provinces:
        for path in _tables(spec, name):
            owners.setdefault(path, set()).add(name)
    for document in spec.source.documents:
        owner = document.name if document.kind == "Province" else ""
        if document.kind == "StationGroup":
            owner = spec.station_groups[document.name].model.spec.province
        owners.setdefault(document.path, set()).add(owner)
    return owners


def _digest(path: Path) -> str:
    """Of a pipe or a device, that it is none: reading it might never end."""
    if not path.is_file():
        return "no file"
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _walk(root: Path) -> Iterator[str]:
    """Hidden files are walked past, except for those that load looks at."""
    for folder, folders, names in os.walk(root):
        relative = os.path.relpath(folder, root).replace(os.sep, "/")
        folders[:] = filter(is_looked_into, folders)
        hidden = any(map(is_hidden, relative.split("/"))) and relative != "."
        names += (name for name in folders if Path(folder, name).is_symlink())
        for name in names:
            if not (hidden or is_hidden(name)) or (is_looked_into(name) and name.endswith((".yaml", ".yml"))):
                yield name if relative == "." else f"{relative}/{name}"
