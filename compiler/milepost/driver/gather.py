"""Looks at every province as compiled and brings home what was seen; nothing is rendered and nothing is written.

For whatever asks about the fleet as a whole: a report, a query. As in a run, provinces are the grain of processes.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from milepost import pipeline
from milepost.diagnostics import Diagnostic, Sink

T = TypeVar("T")
_FEW = 5_000
"""Rows of inventory below which starting processes costs more than they save."""


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """What one province showed; nothing where it did not compile, for the reasons in ``diagnostics``."""

    province: str
    value: T | None
    diagnostics: tuple[Diagnostic, ...]


def gather(
    shared: pipeline.Shared,
    names: Sequence[str],
    look: Callable[[pipeline.Compiled], T],
    jobs: int | None = None,
) -> list[Seen[T]]:
    """``look`` at each province, in the order of ``names``; what it returns must be able to cross processes."""
    count = min(jobs or _processes(shared, names), len(names))
    if count <= 1 or "fork" not in multiprocessing.get_all_start_methods():
        return [_seen(shared, name, look) for name in names]
    context = multiprocessing.get_context("fork")
    with context.Pool(count, _begin, (shared, look)) as pool:
        queue = sorted(names, key=lambda name: (-_weight(shared, name), name))
        found = {seen.province: seen for seen in pool.imap_unordered(_look, queue)}
    return [found[name] for name in names]


_work: list[Any] = []
"""What a process was started with."""


def _begin(shared: pipeline.Shared, look: Callable[[pipeline.Compiled], Any]) -> None:
    _work[:] = shared, look


def _look(name: str) -> Seen[Any]:
    shared, look = _work
    return _seen(shared, name, look)


def _seen(shared: pipeline.Shared, name: str, look: Callable[[pipeline.Compiled], T]) -> Seen[T]:
    sink = Sink()
    compiled = pipeline.compile_province(shared, name, sink)
    value = None if compiled is None or sink.failed else look(compiled)
    return Seen(name, value, tuple(sink))


def _processes(shared: pipeline.Shared, names: Sequence[str]) -> int:
    """As many as there are processors, and one for a fleet that is soon done."""
    if sum(_weight(shared, name) for name in names) < _FEW * 60:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _weight(shared: pipeline.Shared, name: str) -> int:
    """Bytes of a province's inventory, some 60 a row: the longest are started first."""
    spec = shared.spec.provinces[name].model.spec
    paths = [shared.root / path for path in (*spec.stations, *spec.nodes)]
    return sum(path.stat().st_size for path in paths if path.is_file())
