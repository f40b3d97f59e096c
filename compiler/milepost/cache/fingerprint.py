"""The compiler's fingerprint: Milepost's own files, the interpreter and the libraries. A changed compiler is a cache
miss.
"""

from __future__ import annotations

import hashlib
import sys
import sysconfig
from functools import cache
from pathlib import Path


def compiler() -> str:
    """A digest of Milepost's files, of the interpreter's version, and of the names and versions of all libraries."""
    parts = (sys.version, milepost(), *_libraries())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@cache
def milepost() -> str:
    """A digest of Milepost's own files: the same on two machines that make the same bytes. Taken once a process."""
    digest = hashlib.sha256()
    package = Path(__file__).parents[1]
    for path in sorted(package.rglob("*")):
        # Bytecode depends on when it was written, and would make every installation another
        # compiler.
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"\0{path.relative_to(package).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _libraries() -> list[str]:
    """Names such as ``jinja2-3.1.6.dist-info``: reading their metadata would take longer than all the rest."""
    found: set[str] = set()
    for key in ("purelib", "platlib"):
        folder = Path(sysconfig.get_path(key))
        if folder.is_dir():
            found |= {p.name for p in folder.iterdir() if p.name.endswith(".dist-info")}
    return sorted(found)
