"""A tier of registry mirrors as meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class MirrorDisk(NamedTuple):
    """Where a mirror keeps what it fetched: a directory of the node, or a StorageClass."""

    size: str
    path: str | None
    storage_class: str | None


class MirrorSettings(NamedTuple):
    """The pull-through registry that Milepost runs for a tier."""

    version: str
    storage: MirrorDisk
    resources: Mapping[str, Mapping[str, str]]
    """``requests`` and ``limits`` in Kubernetes' words."""
    tls: str | None
    expose: str


class TierSettings(NamedTuple):
    """What a tier says of itself; its endpoint still holds the names of places as ``{province}`` and the like."""

    level: str
    endpoint: str
    parent: str | None
    down: str | None
    provinces: Sequence[str]
    groups: Sequence[str]
    station_types: Sequence[str]
    mode: str
    ca: str | None
    credentials: str | None
    mirror: MirrorSettings | None
