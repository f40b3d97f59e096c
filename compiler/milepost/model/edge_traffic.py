"""Management traffic as decided: how often nodes of one kind of line report and renew their lease, and what that takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class ManagementIntervals(NamedTuple):
    """Seconds."""

    lease_duration: int
    """The kubelet renews its lease four times in it."""
    report: int
    """Time after which an unchanged node status is reported all the same."""

    @property
    def renewal(self) -> float:
        """Seconds between renewals of the lease: a quarter of its duration, Kubernetes' own rule."""
        return self.lease_duration / 4


class LineTraffic(NamedTuple):
    """What the busiest line of one kind carries; bytes a second, and bytes in 30 days both ways."""

    every: ManagementIntervals
    station: str
    nodes: int
    up: float
    down: float
    share: float
    """Of its rates, the larger of the two."""
    volume: float


class StepObjects(NamedTuple):
    """Objects that KubeEdge carries to the nodes of one wave when its version switches, in bytes; images are counted elsewhere."""

    station: str
    """The one with most of them."""
    most: int
    """Over its line."""
    total: int
    """Over the lines of all stations of the wave."""


class ManagementTraffic(NamedTuple):
    """Intervals by name of AccessProfile, and what a step of a release carries by release and number of its wave."""

    by_access: Mapping[str, LineTraffic]
    steps: Mapping[tuple[str, int], StepObjects]

    def intervals(self, access: str) -> ManagementIntervals:
        """Of nodes with an AccessProfile that some node of the province has. Raises KeyError for another."""
        return self.by_access[access].every
