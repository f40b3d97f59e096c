"""Resource requests: CPU and memory that pods ask for and nodes have, as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class ResourceRequest(NamedTuple):
    """CPU in millicores, memory in bytes."""

    cpu: int
    memory: int

    def within(self, other: ResourceRequest) -> bool:
        return self.cpu <= other.cpu and self.memory <= other.memory


NOTHING = ResourceRequest(0, 0)


def total(requests: Iterable[ResourceRequest]) -> ResourceRequest:
    """All together."""
    cpu = memory = 0
    for each in requests:
        cpu, memory = cpu + each.cpu, memory + each.memory
    return ResourceRequest(cpu, memory)
