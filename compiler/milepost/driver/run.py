"""What a run is asked for and what comes of it. Answers at once, and loads no compiler, where nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from milepost import emit
from milepost.cache import Cache
from milepost.diagnostics import Diagnostic
from milepost.executors.outcome import Outcome


class Verdict(Enum):
    """How a run ended."""

    FINE = "fine"
    WRONG = "the spec is wrong"
    CANNOT = "a tree could not be written"
    DIFFERENT = "a tree is not what the spec says"
    GUARDED = "a guard needs an acknowledgement"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: trees written to ``output``, or compared with it, or (without output) only checked."""

    spec: Path
    output: Path | None = None
    compare: bool = False
    provinces: tuple[str, ...] = ()
    """All of them where none is named."""
    jobs: int | None = None
    cached: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """What came of it."""

    verdict: Verdict
    diagnostics: tuple[Diagnostic, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    removed: tuple[str, ...] = ()
    """Provinces that stand in the output and are gone from the spec."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how far a run is."""

    begin: Callable[[int], None] = lambda total: None
    step: Callable[[Outcome], None] = lambda outcome: None


def run(request: Request, watch: Watch | None = None) -> Run:
    """Carry out ``request``. Raises KeyError for a province that is not in the spec, and OSError."""
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
