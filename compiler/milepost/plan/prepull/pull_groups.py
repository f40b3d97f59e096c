"""Pull groups: the nodes of a wave that pull something, station by station; those that fetch the same over one line
are one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from milepost.model.fleet import Access, Station
from milepost.model.rollout import NodePulls
from milepost.plan.prepull.image_changes import ImageChanges, NodeChange

PullPriority = tuple[bool, bool, str]


@dataclass(slots=True, eq=False)
class PullGroup(NodePulls):
    """All of a station's nodes of one kind on one line, and what changes on each."""

    change: NodeChange
    order: PullPriority
    """Who goes first: nodes on their station's line, wired ones, then by name. Never by rates, so that a faster line
    changes nothing but times.
    """

    def pulls(self, count: int) -> NodePulls:
        """What ``count`` of the nodes fetch."""
        return self if count == self.count else NodePulls(self.station, self.node, count, self.layers)


def pull_groups(stations: Iterable[Station], changes: ImageChanges) -> list[PullGroup]:
    """In order of stations. A node with a line of its own is a pull group of its own."""
    found: list[PullGroup] = []
    for station in stations:
        for change, positions in changes.at(station):
            shared, nodes = station.access, station.nodes
            # By identity, which is what "the station's own line" means: a node with an equal
            # profile of its own still has a line of its own.
            here = [n for n in positions if nodes[n].access is shared or nodes[n].access is None]
            if here:
                first = nodes[here[0]]
                order = (False, _wireless(shared), first.name)
                found.append(PullGroup(station, first, len(here), change.layers, change, order))
            if len(here) < len(positions):
                for node in [nodes[n] for n in positions if n not in here]:
                    order = (True, _wireless(node.access), node.name)
                    found.append(PullGroup(station, node, 1, change.layers, change, order))
    return found


def _wireless(access: Access | None) -> bool:
    return access is not None and access.medium == "wireless"
