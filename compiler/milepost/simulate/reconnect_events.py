"""Reconnect, event by event: nodes that try, a proxy that lets them in at a rate, CloudCores that shake hands.

Independent of the closed form of ``plan.edge.reconnect``, which is held against it. Chance, where a version has jitter, comes
from the names of nodes: the same fleet gives the same figures.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from milepost.plan.edge.reconnect import CAP, FIRST, JITTER, PAUSE, READY, TRIES, next_try


class ReturningNode(NamedTuple):
    """A node that was cut off; times in seconds."""

    name: str
    heartbeat: int
    handshake: float
    patience: int


class Storm(NamedTuple):
    """What stands before the nodes when the line is back."""

    cut: float
    rate: int
    """Connections that the proxy lets in a second."""
    workers: int
    """Handshakes that all CloudCores do at once."""
    work: float
    """Seconds of one of them."""
    fixed: bool
    """Whether nodes wait twice their heartbeat."""


@dataclass(slots=True)
class StormFigures:
    """By second since the line is back."""

    tried: Counter[int] = field(default_factory=Counter)
    let_in: Counter[int] = field(default_factory=Counter)
    queued: Counter[int] = field(default_factory=Counter)
    ready: list[float] = field(default_factory=list)
    given_up: int = 0

    @property
    def last(self) -> float:
        return max(self.ready, default=0.0)


class _Return:
    """One run. Events are (time, order, what, node); ``order`` keeps equal times apart."""

    def __init__(self, nodes: Sequence[ReturningNode], storm: Storm) -> None:
        self._nodes, self._storm = nodes, storm
        self._events: list[tuple[float, int, str, int]] = []
        self._queue: deque[tuple[int, float]] = deque()
        self._recent: deque[float] = deque()
        self._free = [0.0] * storm.workers
        self._tries = [0] * len(nodes)
        self._chance = [random.Random(node.name) for node in nodes]
        self._order = 0
        self.figures = StormFigures()

    def run(self) -> StormFigures:
        for number, node in enumerate(self._nodes):
            self._at(self._first(number, node), "try", number)
        while self._events:
            now, _, what, number = heapq.heappop(self._events)
            getattr(self, f"_{what}")(now, number)
        return self.figures

    def _at(self, when: float, what: str, number: int) -> None:
        self._order += 1
        heapq.heappush(self._events, (when, self._order, what, number))

    def _first(self, number: int, node: ReturningNode) -> float:
        """When it tries again after the line is back."""
        if self._storm.fixed:
            return next_try(node.heartbeat, self._storm.cut)
        chance, at, wait = self._chance[number], 0.0, float(FIRST)
        while at < self._storm.cut:
            at += wait * chance.uniform(1 - JITTER, 1 + JITTER)
            wait = min(CAP, 2 * wait)
        return at - self._storm.cut

    def _try(self, now: float, number: int) -> None:
        self.figures.tried[int(now)] += 1
        self._queue.append((number, now))
        self._at(now, "serve", number)

    def _serve(self, now: float, number: int) -> None:
        """The proxy lets in whoever is first, if the last second has room."""
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        while self._queue and len(self._recent) < self._storm.rate:
            first, came = self._queue.popleft()
            self._recent.append(now)
            self._enter(now, first, came)
        self.figures.queued[int(now)] = max(self.figures.queued[int(now)], len(self._queue))
        if self._queue:
            self._at(self._recent[0] + 1, "serve", number)

    def _enter(self, now: float, number: int, came: float) -> None:
        node = self._nodes[number]
        self.figures.let_in[int(now)] += 1
        begin = max(now, heapq.heappop(self._free))
        done = begin + self._storm.work
        heapq.heappush(self._free, done)
        # Its own client counts from the dial: whoever was too long in the queue has gone.
        if done + node.handshake - came > node.patience:
            self.figures.given_up += 1
            self._at(came + node.patience + self._pause(number), "try", number)
        else:
            report = self._chance[number].uniform(0, READY)
            self.figures.ready.append(done + node.handshake + report)

    def _pause(self, number: int) -> float:
        self._tries[number] += 1
        if not self._storm.fixed:
            return min(CAP, FIRST * 2.0 ** self._tries[number])
        again = self._tries[number] % TRIES
        return PAUSE if again else 2.0 * self._nodes[number].heartbeat


def play(nodes: Sequence[ReturningNode], storm: Storm) -> StormFigures:
    """The return of ``nodes``, to the last of them."""
    return _Return(nodes, storm).run()
