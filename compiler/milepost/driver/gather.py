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
class GatheredProvince(Generic[T]):
    """What one province showed; nothing where it did not compile, for the reasons in ``diagnostics``."""

    province: str
    value: T | None
    diagnostics: tuple[Diagnostic, ...]


def gather(
    shared: pipeline.SharedSpec,
    names: Sequence[str],
    visit: Callable[[pipeline.Compiled], T],
    jobs: int | None = None,
) -> list[GatheredProvince[T]]:
    """``visit`` at each province, in the order of ``names``; what it returns must be able to cross processes."""
    count = min(jobs or _processes(shared, names), len(names))
    if count <= 1 or "fork" not in multiprocessing.get_all_start_methods():
        return [_seen(shared, name, visit) for name in names]
    context = multiprocessing.get_context("fork")
    with context.Pool(count, _begin, (shared, visit)) as pool:
        queue = sorted(names, key=lambda name: (-_weight(shared, name), name))
        found = {seen.province: seen for seen in pool.imap_unordered(_visit, queue)}
    return [found[name] for name in names]


_work: list[Any] = []
"""What a process was started with."""


def _begin(shared: pipeline.SharedSpec, visit: Callable[[pipeline.Compiled], Any]) -> None:
    _work[:] = shared, visit


def _visit(name: str) -> GatheredProvince[Any]:
    shared, visit = _work
    return _seen(shared, name, visit)


def _seen(
    shared: pipeline.SharedSpec, name: str, visit: Callable[[pipeline.Compiled], T]
) -> GatheredProvince[T]:
    sink = Sink()
    compiled = pipeline.compile_province(shared, name, sink)
    value = None if compiled is None or sink.failed else visit(compiled)
    return GatheredProvince(name, value, tuple(sink))


def _processes(shared: pipeline.SharedSpec, names: Sequence[str]) -> int:
    """As many as there are processors, and one for a fleet that is soon done."""
    if sum(_weight(shared, name) for name in names) < _FEW * 60:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _weight(shared: pipeline.SharedSpec, name: str) -> int:
    """Bytes of a province's inventory, some 60 a row: the longest are started first."""
    spec = shared.spec.provinces[name].model.spec
    paths = [shared.root / path for path in (*spec.stations, *spec.nodes)]
    return sum(path.stat().st_size for path in paths if path.is_file())
