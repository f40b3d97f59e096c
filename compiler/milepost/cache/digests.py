"""What a province can see of a fleet spec, as a digest.

All files count, named by documents or not, except those that belong to other provinces alone: their inventory, and
files that hold only their Province and StationGroup documents.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from milepost.model.written import Spec


def spec_files(root: Path) -> dict[str, str]:
    """Every file below ``root`` (path with forward slashes, sorted) with the digest of its bytes. Raises OSError."""
    return {path: hashlib.sha256((root / path).read_bytes()).hexdigest() for path in sorted(_walk(root))}


def combined(files: Mapping[str, str]) -> str:
    """One digest of many."""
    return hashlib.sha256(
        "\0".join(f"{path}\0{digest}" for path, digest in sorted(files.items())).encode()
    ).hexdigest()


def seen_by(province: str, files: Mapping[str, str], spec: Spec) -> str:
    """The digest of what ``province`` can see."""
    hidden = {path for name in spec.provinces if name != province for path in _tables(spec, name)}
    hidden |= _documents_of_others(province, spec)
    hidden -= set(_tables(spec, province))
    return combined({path: digest for path, digest in files.items() if path not in hidden})


def _tables(spec: Spec, province: str) -> Iterator[str]:
    body = spec.provinces[province].model.spec
    yield from body.stations
    yield from body.nodes


def _documents_of_others(province: str, spec: Spec) -> set[str]:
    """Files all of whose documents describe other provinces."""
    owners: dict[str, set[str]] = {}
    for document in spec.source.documents:
        owner = document.name if document.kind == "Province" else ""
        if document.kind == "StationGroup":
            owner = spec.station_groups[document.name].model.spec.province
        owners.setdefault(document.path, set()).add(owner)
    return {path for path, found in owners.items() if not found & {province, ""}}


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        relative = os.path.relpath(folder, root).replace(os.sep, "/")
        for name in names:
            if not name.startswith("."):
                yield name if relative == "." else f"{relative}/{name}"
