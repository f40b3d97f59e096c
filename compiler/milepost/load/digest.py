"""SHA-256 over files: their paths, lengths and bytes, so that no two sets of files share a digest by concatenation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from milepost.diagnostics import Sink
from milepost.load.envelope import nodes_of, stations_of
from milepost.load.files import Reader
from milepost.model.document import SpecDocument


def digest_files(files: Iterable[tuple[str, bytes]]) -> str:
    """Hexadecimal SHA-256 over (path, bytes) in the order given."""
    total = hashlib.sha256()
    for path, data in files:
        total.update(f"{len(path)}:{path}:{len(data)}:".encode())
        total.update(data)
    return total.hexdigest()


def province_digest(root: Path, document: SpecDocument) -> str:
    """``ProvinceSource.digest`` without reading the tables: to see that nothing changed. Faults read as empty files."""
    reader = Reader(root, Sink())
    named = [name for find in (stations_of, nodes_of) for name, _ in find(document)]
    return digest_files((name, reader.named(name, document.span) or b"") for name in named)
