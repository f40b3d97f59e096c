"""``python -m bench.stages SPEC PROVINCE``: the least seconds that each stage takes for one province, in this process.

For whoever makes a stage faster. Seconds vary with the machine's other work; instructions do not. So with ``--until`` one
run ends after a stage, and the difference of two such runs under ``valgrind --tool=cachegrind --cache-sim=no`` is what the
stage takes, the same each time.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import deque
from pathlib import Path

from bench.report.tables import seconds, table
from milepost import pipeline
from milepost.diagnostics import Sink
from milepost.gc_pause import gc_paused

STAGES = ("load", "validate", "resolve", "plan", "lower", "conform", "render", "bytes")
"""``render`` cuts templates at their placeholders; ``bytes`` fills them, which a compile does while it writes."""


class _EndingClock(pipeline.StageClock):
    """Ends the process after a stage: what is let go then is no stage's work."""

    def __init__(self, until: str | None) -> None:
        super().__init__()
        self._until = until

    def lap(self, stage: str) -> None:
        super().lap(stage)
        if stage == self._until:
            os._exit(0)


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    with gc_paused():
        least = _least(given)
    rows = [[stage, seconds(took)] for stage, took in least.items()]
    print(table([given.province, "seconds"], rows) if rows else f"{given.spec} does not compile")
    return 0 if rows else 1


def _least(given: argparse.Namespace) -> dict[str, float]:
    """Seconds by stage; nothing where the spec or the province is wrong."""
    shared, found = pipeline.read(given.spec, Sink()), dict[str, float]()
    for _ in range(given.rounds if shared is not None else 0):
        assert shared is not None
        clock = _EndingClock(given.until)
        compiled = pipeline.compile_province(shared, given.province, Sink(), clock)
        if compiled is None:
            return {}
        deque(pipeline.render(compiled, clock).values(), maxlen=0)
        clock.lap("bytes")
        found = {stage: min(took, found.get(stage, took)) for stage, took in clock.seconds.items()}
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.stages", description=__doc__)
    parser.add_argument("spec", type=Path, help="a fleet spec, such as `milepost generate` makes")
    parser.add_argument("province", help="its province")
    parser.add_argument("--rounds", type=int, default=7, help="the least of so many counts")
    parser.add_argument("--until", choices=STAGES, help="end the first run after this stage")
    return parser


if __name__ == "__main__":
    sys.exit(main())
