"""Management traffic as decided: how often nodes of one kind of line report and renew their lease."""

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


DEFAULT_INTERVALS = ManagementIntervals(40, 300)
"""EdgeCore's own, which are the kubelet's."""


class ManagementTraffic(NamedTuple):
    """By name of AccessProfile; one that is not there has the default intervals."""

    by_access: Mapping[str, ManagementIntervals]

    def intervals(self, access: str) -> ManagementIntervals:
        return self.by_access.get(access, DEFAULT_INTERVALS)
