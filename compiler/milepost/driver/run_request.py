"""Run requests and results: what a run is asked for, who watches it, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum
from pathlib import Path

from milepost.diagnostics import Diagnostic
from milepost.executors.outcome import Outcome
from milepost.model.record import by_value


class RunVerdict(Enum):
    """How a run ended."""

    FINE = "fine"
    WRONG = "the spec is wrong"
    CANNOT = "a tree could not be written"
    DIFFERENT = "a tree is not what the spec says"
    GUARDED = "a guard needs an acknowledgement"


@by_value
class RunRequest:
    """What is asked for: trees written to ``output``, or compared with it, or (without output) only checked."""

    spec: Path
    output: Path | None = None
    compare: bool = False
    provinces: tuple[str, ...] = ()
    """All of them where none is named."""
    jobs: int | None = None
    cached: bool = True
    executor: str = "local"
    """Who compiles, as ``scheme://address``."""
    on: date | None = None
    """The day on which versions should still get fixes; without one nobody asks."""


@by_value
class RunResult:
    """The result of a run."""

    verdict: RunVerdict
    diagnostics: tuple[Diagnostic, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    removed: tuple[str, ...] = ()
    """Provinces that stand in the output and are gone from the spec."""
    leftovers: tuple[str, ...] = ()
    """Staging folders of runs that were killed; only where they were asked for, as everything else is rid of them."""
    notes: tuple[str, ...] = ()
    """What was done without, for whoever wants to know: why there is no cache."""


@by_value
class ProgressListener:
    """Callbacks for the progress of a run."""

    begin: Callable[[int], None] = lambda total: None
    step: Callable[[Outcome], None] = lambda outcome: None
    wait: Callable[[], None] = lambda: None
    """Another run holds the output."""
