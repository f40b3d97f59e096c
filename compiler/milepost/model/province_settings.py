"""A province as meant: its cluster, how it is synchronised, how images reach its nodes; and the road of a section."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClusterVersions:
    """What runs the province."""

    kubernetes: str
    kubeedge: str
    cloudcore_replicas: int


@dataclass(frozen=True, slots=True)
class DeliverySource:
    """Where a cluster pulls its own tree from; ``{province}`` stands for the province's name."""

    kind: str
    url: str
    reference: str | None
    secret: str | None
    proxy_secret: str | None
    timeout: str


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """How the rendered tree reaches the cluster."""

    engine: str
    source: DeliverySource
    interval: str
    retry_interval: str
    timeout: str


@dataclass(frozen=True, slots=True)
class PullHelper:
    """What stands in for the programs of images that are only pulled."""

    image: str
    version: str


@dataclass(frozen=True, slots=True)
class PrepullSettings:
    """Who pulls, on how much of the lines, for how long, and how many nodes may fail."""

    engine: str
    window: str
    share: float
    failure_tolerate: float
    retry_times: int
    checks: list[str]
    helper: PullHelper | None


@dataclass(frozen=True, slots=True)
class RoadStretch:
    """The road of a section, and its stake marks."""

    code: str
    name: str
    start: str | None
    end: str | None
