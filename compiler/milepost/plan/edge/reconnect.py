"""Reconnect after a cut: when each node tries again, and when the last of them is Ready, in closed form.

Up to KubeEdge 1.23.1 a node that has lost its session waits twice its heartbeat, tries five times with five seconds between,
and waits again, without jitter: nodes of one heartbeat that were cut off together come back together. Later versions wait
2 s, 4 s and so on up to 30 s, each with a fifth of jitter. Assumed is that all nodes notice the cut in the same moment (the
worst case), and that a try while the line is cut fails at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor
from typing import NamedTuple

from milepost.model.versions import kubeedge

TRIES, PAUSE = 5, 5
"""Dials before EdgeHub waits again, and seconds between them (``wsclient`` of KubeEdge 1.23.1)."""
FIXED_UNTIL = (23, 1)
"""The last release whose wait is fixed: minor version and patch."""
FIRST, CAP, JITTER = 2, 30, 0.2
"""Seconds of the exponential back-off (KubeEdge pull request 6967), and the part that is left to chance."""
READY = 10
"""Seconds until a connected node reports its status: the kubelet's ``nodeStatusUpdateFrequency``."""
MARGIN = 1.25
"""A rate is recommended so much above the least that does."""


def fixed_wait(release: str) -> bool:
    """Whether nodes of a KubeEdge release wait twice their heartbeat."""
    minor, patch = kubeedge.split(release)
    return (kubeedge.number(minor), patch) <= FIXED_UNTIL


def next_try(heartbeat: int, cut: float) -> float:
    """Seconds from the end of a ``cut`` of so many seconds until a node with a fixed wait tries again."""
    wait = 2 * heartbeat
    cycle = wait + (TRIES - 1) * PAUSE
    # The first wait begins with the cut; then come the tries, and the next wait after the last,
    # which is where the cycle ends.
    into = (cut % cycle) or (cycle if cut else 0.0)
    tries = (wait + PAUSE * number for number in range(TRIES))
    return next(at - into for at in tries if at >= into)


def longest_wait(release: str, most: int) -> float:
    """Seconds that a node may wait when the line comes back, whatever the cut was; ``most`` is the longest heartbeat."""
    return 2 * most if fixed_wait(release) else CAP * (1 + JITTER)


def admitted(arrivals: Sequence[float], rate: int) -> float:
    """When the last of sorted ``arrivals`` is let in, if no more than ``rate`` are in any second and they queue in order.

    The k-th is let in when it is there, and a second after the (k - rate)-th; so the last at the largest of the arrivals
    that are whole seconds' worth before it, and these seconds.
    """
    if not arrivals:
        return 0.0
    last = len(arrivals) - 1
    return max(arrivals[last - j * rate] + j for j in range(last // rate + 1))


def longest_queue(arrivals: Sequence[float], rate: int) -> float:
    """Seconds that somebody of sorted ``arrivals`` waits to be let in, at most."""
    times: list[float] = []
    for number, at in enumerate(arrivals):
        times.append(at if number < rate else max(at, times[number - rate] + 1))
    return max((let_in - at for let_in, at in zip(times, arrivals, strict=True)), default=0.0)


class ReturnBound(NamedTuple):
    """The return of ``nodes`` at its worst: all of them after the longest wait, at once. Seconds."""

    nodes: int
    rate: int
    wait: float
    queue: float
    """Until the last is let in."""
    handshake: float
    patience: int
    """After so long in the queue a node gives up, and waits again."""

    @property
    def total(self) -> float:
        """Until the last node is Ready."""
        return self.wait + self.queue + self.handshake + READY

    @property
    def patient(self) -> bool:
        """Whether nobody gives up in the queue, without which nothing is bounded."""
        return self.queue <= self.patience


def return_bound(
    nodes: int, rate: int, release: str, most: int, handshake: float, patience: int
) -> ReturnBound:
    """``handshake`` is the longest on any line, ``patience`` the shortest time-out of any."""
    queue = max(0, ceil(nodes / rate) - 1)
    return ReturnBound(nodes, rate, longest_wait(release, most), queue, handshake, patience)


def enough_rate(bound: ReturnBound, within: int | None) -> int | None:
    """The lowest rate with which nobody gives up and all are Ready within ``within`` seconds; None if none is enough."""
    time: float = bound.patience
    if within is not None:
        time = min(time, within - bound.wait - bound.handshake - READY)
    return None if time < 0 else max(1, ceil(bound.nodes / (floor(time) + 1)))


def busiest_second(arrivals: Iterable[float]) -> int:
    """Most arrivals in one second of the clock."""
    seconds: dict[int, int] = {}
    for at in arrivals:
        seconds[int(at)] = seconds.get(int(at), 0) + 1
    return max(seconds.values(), default=0)
