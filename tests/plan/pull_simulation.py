"""Pulls through mirrors, packet by packet: what the budget says in one formula, played out event by event.

Knows nothing of Milepost. A line carries one packet at a time and serves those who use it in turn. A mirror that lacks a
blob fetches it twice, to serve it and to store it, as CNCF Distribution does; what it serves is passed on packet by
packet. A node pulls up to three layers at once, as containerd does.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

PACKETS = 60
"""Of one layer."""
AT_ONCE = 3


class Line:
    """A line; ``rate`` in bits a second. ``carried`` counts bytes."""

    def __init__(self, rate: float) -> None:
        self.rate, self.carried = rate, 0.0
        self.waiting: deque[_Flow] = deque()
        self.busy = False


@dataclass(eq=False)
class Mirror:
    """A pull-through cache behind ``line``; ``held`` are the layers that it has."""

    line: Line
    held: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Node:
    """A node behind ``line`` that pulls through ``mirrors``, the nearest first."""

    line: Line
    mirrors: Sequence[Mirror]


@dataclass(eq=False)
class _Flow:
    """One layer on one line: packets that have arrived at its head, and those that it has carried on."""

    line: Line
    packet: float
    each: Callable[[], None]
    done: Callable[[], None]
    there: int = 0
    sent: int = 0
    queued: bool = False


class Network:
    """A clock and the packets under way."""

    def __init__(self) -> None:
        self.now = 0.0
        self._events: list[tuple[float, int, _Flow]] = []
        self._count = 0

    def run(self, pulls: Mapping[Node, Iterable[tuple[str, int]]]) -> float:
        """Seconds until every node has its layers (digest and bytes), all starting at once."""
        began = self.now
        for node, layers in pulls.items():
            self._pull(node, deque(layers))
        while self._events:
            self.now, _, flow = heapq.heappop(self._events)
            self._arrived(flow)
        return self.now - began

    def _pull(self, node: Node, layers: deque[tuple[str, int]]) -> None:
        def another() -> None:
            if layers:
                digest, size = layers.popleft()
                self._ask(node.line, node.mirrors, digest, size, _nothing, another)

        for _ in range(AT_ONCE):
            another()

    def _ask(
        self,
        line: Line,
        mirrors: Sequence[Mirror],
        digest: str,
        size: int,
        each: Callable[[], None],
        done: Callable[[], None],
    ) -> None:
        """Somebody behind ``line`` asks the nearest of ``mirrors``, or the centre, for a layer."""
        flow = _Flow(line, size / PACKETS, each, done)
        if not mirrors or digest in mirrors[0].held:
            self._supply(flow, PACKETS)
            return
        mirror, above = mirrors[0], mirrors[1:]
        self._ask(mirror.line, above, digest, size, lambda: self._supply(flow, 1), _nothing)
        self._ask(mirror.line, above, digest, size, _nothing, lambda: mirror.held.add(digest))

    def _supply(self, flow: _Flow, packets: int) -> None:
        flow.there += packets
        self._queue(flow)

    def _queue(self, flow: _Flow) -> None:
        if flow.there > flow.sent and not flow.queued:
            flow.queued = True
            flow.line.waiting.append(flow)
            self._next(flow.line)

    def _next(self, line: Line) -> None:
        if not line.busy and line.waiting:
            line.busy = True
            flow = line.waiting.popleft()
            self._count += 1
            heapq.heappush(self._events, (self.now + flow.packet * 8 / line.rate, self._count, flow))

    def _arrived(self, flow: _Flow) -> None:
        line = flow.line
        line.busy, flow.queued = False, False
        line.carried += flow.packet
        flow.sent += 1
        self._queue(flow)
        self._next(line)
        flow.each()
        if flow.sent == PACKETS:
            flow.done()


def _nothing() -> None:
    pass
