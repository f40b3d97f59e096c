"""One file that is made from a whole fleet spec, such as a database: kept until the spec or the compiler changes.

As with provinces, nothing is decided here: a file under this key was made from the same bytes by the same compiler.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
from pathlib import Path

from milepost.cache import fingerprint
from milepost.cache.digests import combined, spec_files
from milepost.cache.store import cache_folder


class CachedFile:
    """A file of one ``purpose`` for one spec folder. A machine without room for it does without."""

    def __init__(self, spec: Path, purpose: str) -> None:
        self._spec = spec
        self._folder = cache_folder() / f"{purpose}-{_hash(os.fsencode(spec.resolve()))}"
        self._key = self._now()

    def get(self) -> Path | None:
        """The file as it was kept, if the spec and the compiler are as they were."""
        path = self._path
        return path if path is not None and path.is_file() else None

    def keep(self, made: Path) -> Path:
        """Keep ``made`` in the place of older ones; where it stands from now on. Not kept if the spec has changed
        while it was made.
        """
        path = self._path
        if path is None or self._now() != self._key:
            return made
        part = path.with_suffix(f".{secrets.token_hex(4)}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(made, part)
            part.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink()
            return made
        self._forget_others(path)
        return path

    @property
    def _path(self) -> Path | None:
        return self._folder / self._key if self._key else None

    def _now(self) -> str:
        try:
            files = combined(spec_files(self._spec))
        except OSError:
            return ""
        return _hash(f"{fingerprint.compiler()} {files}".encode())

    def _forget_others(self, path: Path) -> None:
        for other in self._folder.iterdir():
            if other != path:
                with contextlib.suppress(OSError):
                    other.unlink()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:20]
