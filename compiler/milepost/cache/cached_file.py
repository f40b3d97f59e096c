"""A cached file made from a whole fleet spec, such as a database: kept until the spec or the compiler changes.

As with provinces, nothing is decided here: a file under this key was made from the same bytes by the same compiler.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from milepost.cache import fingerprint
from milepost.cache.digests import agree, spec_files
from milepost.cache.place import NoCacheError, cache_folder
from milepost.model.digest import combined


class CachedFile:
    """A file of one ``purpose`` for one spec folder. A machine without room for it does without."""

    def __init__(self, spec: Path, purpose: str) -> None:
        self._path: Path | None = None
        try:
            self._files = spec_files(spec)
            folder = cache_folder() / f"{purpose}-{_hash(os.fsencode(os.path.realpath(spec)))}"
            self._path = folder / _hash(f"{fingerprint.compiler()} {combined(self._files)}".encode())
        except (NoCacheError, OSError):
            self._files = {}

    def get(self) -> Path | None:
        """The file as it was kept, if the spec and the compiler are as they were."""
        path = self._path
        return path if path is not None and path.is_file() else None

    def keep(self, made: Path, read: Mapping[str, str]) -> Path:
        """Keep ``made`` in the place of older ones; where it stands from now on. ``read`` are the digests of the files
        that it was made from: not kept where they are not those that there were before.
        """
        path = self._path
        # The spec may have been edited between the digests and the reading; then the file
        # belongs to neither.
        if path is None or not agree(self._files, read):
            return made
        # A random name: two commands may make the same file at once, and each must rename a
        # whole one.
        part = path.with_suffix(f".{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(made, part)
            part.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink()
            return made
        _forget_others(path)
        return path


def _forget_others(path: Path) -> None:
    for other in path.parent.iterdir():
        if other != path:
            with contextlib.suppress(OSError):
                other.unlink()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:20]
