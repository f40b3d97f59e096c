"""CPU and memory that pods ask for and nodes have, as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Request(NamedTuple):
    """CPU in millicores, memory in bytes."""

    cpu: int
    memory: int

    def within(self, other: Request) -> bool:
        return self.cpu <= other.cpu and self.memory <= other.memory


NOTHING = Request(0, 0)


def total(requests: Iterable[Request]) -> Request:
    """All together."""
    cpu = memory = 0
    for each in requests:
        cpu, memory = cpu + each.cpu, memory + each.memory
    return Request(cpu, memory)
