"""A province as meant: its cluster, how it is synchronised, how images reach its nodes; and the road of a section."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from milepost.model.resource_request import ResourceRequest


class ClusterVersions(NamedTuple):
    """What runs the province."""

    kubernetes: str
    kubeedge: str
    cloudcore_replicas: int


class DeliverySource(NamedTuple):
    """Where a cluster pulls its own tree from; ``{province}`` stands for the province's name."""

    kind: str
    url: str
    reference: str | None
    secret: str | None
    proxy_secret: str | None
    timeout: str


class SyncSettings(NamedTuple):
    """How the rendered tree reaches the cluster."""

    engine: str
    source: DeliverySource
    interval: str
    retry_interval: str
    timeout: str


class PullHelper(NamedTuple):
    """What stands in for the programs of images that are only pulled."""

    image: str
    version: str


class PrepullSettings(NamedTuple):
    """Who pulls, on how much of the lines, for how long, and how many nodes may fail."""

    engine: str
    window: str
    share: float
    failure_tolerate: float
    retry_times: int
    checks: list[str]
    helper: PullHelper | None


class RoadStretch(NamedTuple):
    """The road of a section, and its stake marks."""

    code: str
    name: str
    start: str | None
    end: str | None


class CloudPool(NamedTuple):
    """The nodes for components of the province itself: how many, and what each has free for them."""

    nodes: int
    room: ResourceRequest


class CloudSettings(NamedTuple):
    """Where components of the province itself run, and what they may ask for together."""

    labels: Mapping[str, str]
    pool: CloudPool | None
    budgets: Mapping[str, int | str]
    """By ``pods``, ``cpu`` and ``memory``, as far as they are given."""
