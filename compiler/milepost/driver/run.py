"""The entry of a run: answers at once, and loads no compiler, where nothing changed.

One run at a time writes an output: the others wait. So whatever stands in it that a run would have cleaned away was left
by one that was killed, and that is cleaned away before anything else, or reported where nothing may be written.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from milepost import emit, staging
from milepost.cache import Cache
from milepost.driver.run_request import ProgressListener, RunRequest, RunResult, RunVerdict
from milepost.executors.outcome import Outcome


def run(request: RunRequest, watch: ProgressListener | None = None) -> RunResult:
    """Carry out ``request``. Raises KeyError for a province that is not in the spec, NoSuchExecutorError, OSError."""
    watch = watch or ProgressListener()
    if request.output is None:
        return _compiled(request, None, watch)
    # Also where nothing is written: a comparison in the middle of a swap would see half of the
    # provinces new.
    with _held(request.output, request.compare, watch):
        if not request.compare:
            staging.clean(request.output)
        done = _written(request, request.output, watch)
        return _with_leftovers(done, request.output) if request.compare else done


@contextlib.contextmanager
def _held(output: Path, shared: bool, watch: ProgressListener) -> Iterator[None]:
    """The lock of ``output``, a folder that is created where it is missing, and removed again if it stays empty.

    Where it can be neither made nor opened, whoever writes into it will say so.
    """
    made = False
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            made = not shared and not output.exists()
            if made:
                output.mkdir(parents=True, exist_ok=True)
            stack.enter_context(staging.locked(output, watch.wait, shared=shared))
        try:
            yield
        finally:
            if made:
                with contextlib.suppress(OSError):
                    output.rmdir()


def _written(request: RunRequest, output: Path, watch: ProgressListener) -> RunResult:
    if not request.cached:
        return _compiled(request, None, watch)
    cache = Cache(request.spec, output)
    known = None if request.provinces else cache.nothing_changed()
    # A province that is on disk and not in the record is one that was removed, which the guard
    # has to see.
    if known is not None and emit.provinces_on_disk(output) <= known[1].keys():
        fleet, provinces = known
        kept = [Outcome.kept(name, p.numbers, p.diagnostics, p.matches) for name, p in provinces.items()]
        return RunResult(RunVerdict.FINE, fleet.diagnostics, tuple(kept))
    done = _compiled(request, cache, watch)
    return done if cache.problem is None else replace(done, notes=(f"without a cache: {cache.problem}",))


def _compiled(request: RunRequest, cache: Cache | None, watch: ProgressListener) -> RunResult:
    # Imported here: loading the compiler takes longer than all of a run in which nothing
    # changed.
    from milepost.driver.fleet_run import run_fleet

    return run_fleet(request, cache, watch)


def _with_leftovers(done: RunResult, output: Path) -> RunResult:
    found = tuple(place.name for place in staging.leftovers(output))
    verdict = RunVerdict.DIFFERENT if found and done.verdict is RunVerdict.FINE else done.verdict
    return replace(done, verdict=verdict, leftovers=found)
