"""Fleet-wide queries: every province is compiled and visited in parallel; nothing is rendered and nothing is written.

For whatever asks about the fleet as a whole: a report, a query, a plan, its owners. As in a run, provinces are the grain
of processes, and as many are started as a run would start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from milepost import pipeline
from milepost.diagnostics import Diagnostic, Sink
from milepost.executors.local import longest_first, processes
from milepost.executors.workers import hand_out, workers
from milepost.gc_pause import gc_paused
from milepost.model.record import by_value

U = TypeVar("U")
T = TypeVar("T")
Reach = Callable[[pipeline.SharedSpec, str, Sink], U | None]
"""How far a province goes: ``pipeline.fleet``, ``pipeline.visit``, ``pipeline.compile_province``."""


@by_value
class GatheredProvince(Generic[T]):
    """The visitor's value for one province; None where the province did not compile, for the reasons in ``diagnostics``."""

    province: str
    value: T | None
    diagnostics: tuple[Diagnostic, ...]


def gather(
    shared: pipeline.SharedSpec,
    names: Sequence[str],
    reach: Reach[U],
    visit: Callable[[U], T],
    jobs: int | None = None,
) -> list[GatheredProvince[T]]:
    """``visit`` at each province, in the order of ``names``; what it returns must be able to cross processes."""
    count = processes(shared, names, jobs)
    if count == 1:
        return [_seen(shared, name, reach, visit) for name in names]
    with workers(count, partial(_work, shared, reach, visit)) as connections:
        found = {seen.province: seen for seen in hand_out(connections, longest_first(shared, names))}
    return [found[name] for name in names]


def _work(
    shared: pipeline.SharedSpec, reach: Reach[Any], visit: Callable[[Any], Any], ours: Connection
) -> None:
    """The life of a process."""
    while True:
        ours.send(_seen(shared, ours.recv(), reach, visit))


def _seen(
    shared: pipeline.SharedSpec, name: str, reach: Reach[U], visit: Callable[[U], T]
) -> GatheredProvince[T]:
    sink = Sink()
    # A plan is millions of objects without rings; the collector would walk them again and again
    # and free nothing.
    with gc_paused():
        reached = reach(shared, name, sink)
        value = None if reached is None else visit(reached)
    return GatheredProvince(name, value, tuple(sink))
