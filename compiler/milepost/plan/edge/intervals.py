"""Report intervals: the shortest with which the management traffic of a line fits, and Kubernetes' grace period holds.

The kubelet renews its lease four times in the lease's duration. A node counts as lost when its lease was not renewed for the
grace period, so the duration may be no longer: then three renewals may be lost and the node still counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from milepost.model.edge_traffic import ManagementIntervals
from milepost.model.fleet import Access
from milepost.plan.edge.traffic_model import NodeLoad, NodeTraffic, month, node_traffic

LEASES = (40, 60, 80, 120, 160, 200, 240, 300)
REPORTS = (300, 600, 900)
"""Seconds; the first of each is EdgeCore's default."""


class ManagedLine(NamedTuple):
    """The busiest line of one kind: its nodes, and what each of them has to do with."""

    access: Access
    station: str
    nodes: int
    node: NodeLoad


class LineFit(NamedTuple):
    """What a line carries with some intervals, and whether that fits."""

    every: ManagementIntervals
    traffic: NodeTraffic
    """Bytes a second of all of its nodes."""
    share: float
    """Of the rates, the larger of the two; compare with the share that management may take."""
    volume: float
    """Bytes in 30 days."""

    def fits_rate(self, access: Access) -> bool:
        return self.share <= access.management_share

    def fits_volume(self, access: Access) -> bool:
        return access.monthly_volume is None or self.volume <= access.monthly_volume * access.management_share


def ladder(grace: int) -> Iterator[ManagementIntervals]:
    """Intervals from the shortest to the longest that ``grace`` seconds allow; the default is always among them."""
    leases = [lease for lease in LEASES if lease <= grace] or [min(LEASES[0], grace)]
    # The report first: nobody waits for an unchanged status.
    return (ManagementIntervals(lease, report) for lease in leases for report in REPORTS)


def fit(load: ManagedLine, every: ManagementIntervals, release: str) -> LineFit:
    traffic = node_traffic(load.node, every, release).times(load.nodes)
    share = max(traffic.up * 8 / load.access.up, traffic.down * 8 / load.access.down)
    return LineFit(every, traffic, share, month(traffic))


def chosen(load: ManagedLine, grace: int, release: str) -> tuple[LineFit, bool]:
    """The first that fits, and whether any does; the last where none does."""
    found = None
    for every in ladder(grace):
        found = fit(load, every, release)
        if found.fits_rate(load.access) and found.fits_volume(load.access):
            return found, True
    assert found is not None
    return found, False


def enough_grace(load: ManagedLine, release: str) -> int | None:
    """The shortest grace period, of those that leases go by, with which the line fits; None if none is long enough."""
    return next((lease for lease in LEASES if chosen(load, lease, release)[1]), None)
