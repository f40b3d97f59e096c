"""Image versions as locked: digests, architectures and layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class LockedBuild(NamedTuple):
    """One architecture of an image version; compressed bytes of all layers."""

    digest: str
    size: int
    sizes: Mapping[str, int]
    """By the digest of what travels once: its layers, or all of it where the lock has none."""


class LockedImage(NamedTuple):
    """One version in one repository; ``digest`` is that of the index, or of the single manifest."""

    repository: str
    digest: str
    platforms: Mapping[str, LockedBuild]
