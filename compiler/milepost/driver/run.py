"""Carries out a request. Answers at once, and loads no compiler, where nothing changed."""

from __future__ import annotations

from milepost import emit
from milepost.cache import Cache
from milepost.driver.request import Request, Run, Verdict, Watch
from milepost.executors.outcome import Outcome


def run(request: Request, watch: Watch | None = None) -> Run:
    """Carry out ``request``. Raises KeyError for a province that is not in the spec, NoSuchExecutorError, OSError."""
    watch = watch or Watch()
    cache = Cache(request.spec, request.output) if request.cached and request.output is not None else None
    if cache is not None and not request.provinces:
        known = cache.nothing_changed()
        if known is not None and emit.standing_provinces(cache.output) <= known[1].keys():
            fleet, provinces = known
            kept = [Outcome.kept(name, p.numbers, p.diagnostics) for name, p in provinces.items()]
            return Run(Verdict.FINE, fleet.diagnostics, tuple(kept))
    from milepost.driver.fleet import run_fleet

    return run_fleet(request, cache, watch)
