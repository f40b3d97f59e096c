"""Where the cache is: a folder of the user's, who may have none."""

from __future__ import annotations

import os
from pathlib import Path


class NoCacheError(Exception):
    """There is no place for a cache; the message says why."""


def cache_folder() -> Path:
    """``MILEPOST_CACHE_DIR``, or ``milepost`` in the user's cache folder. Raises NoCacheError where there is no home."""
    if chosen := os.environ.get("MILEPOST_CACHE_DIR"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME", "")
    # A relative path there is to be ignored, says the XDG Base Directory Specification.
    return (Path(base) if base.startswith("/") else _home() / ".cache") / "milepost"


def _home() -> Path:
    try:
        home = Path.home()
    except RuntimeError:
        home = Path()
    if not home.is_absolute() or os.environ.get("HOME") == "":
        raise NoCacheError("there is no home folder; MILEPOST_CACHE_DIR names a folder for the cache")
    return home
