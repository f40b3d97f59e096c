"""Carries out a request. Answers at once, and loads no compiler, where nothing changed."""

from __future__ import annotations

from milepost import emit
from milepost.cache import Cache
from milepost.driver.run_request import ProgressListener, RunRequest, RunResult, RunVerdict
from milepost.executors.outcome import Outcome


def run(request: RunRequest, watch: ProgressListener | None = None) -> RunResult:
    """Carry out ``request``. Raises KeyError for a province that is not in the spec, NoSuchExecutorError, OSError."""
    watch = watch or ProgressListener()
    cache = Cache(request.spec, request.output) if request.cached and request.output is not None else None
    if cache is not None and not request.provinces:
        known = cache.nothing_changed()
        if known is not None and emit.provinces_on_disk(cache.output) <= known[1].keys():
            fleet, provinces = known
            kept = [Outcome.kept(name, p.numbers, p.diagnostics, p.matches) for name, p in provinces.items()]
            return RunResult(RunVerdict.FINE, fleet.diagnostics, tuple(kept))
    from milepost.driver.fleet_run import run_fleet

    return run_fleet(request, cache, watch)
