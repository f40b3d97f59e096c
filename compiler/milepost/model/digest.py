"""SHA-256 of files as they were read: what was compiled is known by the bytes that were compiled."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

Log = dict[str, str]
"""Path of every file that was read, and the digest of its bytes; ``TORN`` where it was read twice and had changed."""
TORN = "torn"


def note(log: Log, path: str, data: bytes) -> None:
    """Write down that ``path`` was read and held ``data``."""
    digest = hashlib.sha256(data).hexdigest()
    # Two readings of one run that differ: the compile saw a file while it was edited, and
    # nothing of it may be remembered.
    log[path] = digest if log.get(path, digest) == digest else TORN


def combined(digests: Mapping[str, str]) -> str:
    """One digest of many, in order of path."""
    lines = "\0".join(f"{path}\0{digest}" for path, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
