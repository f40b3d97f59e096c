"""``python -m bench.stages SPEC PROVINCE``: the least seconds that each stage takes for one province, in this process.

For whoever makes a stage faster. Seconds vary with the machine's other work; instructions do not. So with ``--until`` one
run ends after a stage, and the difference of two such runs under ``valgrind --tool=cachegrind --cache-sim=no`` is what the
stage takes, the same each time.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from bench.report.tables import seconds, table
from milepost import emit, lower, pipeline, plan
from milepost.diagnostics import Sink

STAGES = ("read", "load to resolve", "plan", "lower", "conform", "render")


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    gc.disable()
    shared = pipeline.read(given.spec, Sink())
    if shared is None:
        print(f"{given.spec} does not compile", file=sys.stderr)
        return 1
    if given.until is not None:
        for stage, _ in _walk(shared, given.province) if given.until != STAGES[0] else ():
            if stage == given.until:
                break
        sys.stdout.flush()
        os._exit(0)  # what is let go now is no stage's work
    least: dict[str, float] = {}
    for _ in range(given.rounds):
        for stage, took in _walk(shared, given.province):
            least[stage] = min(took, least.get(stage, took))
    print(table([given.province, "seconds"], [[stage, seconds(took)] for stage, took in least.items()]))
    return 0


def _walk(shared: pipeline.Shared, province: str) -> Iterator[tuple[str, float]]:
    """Each stage once, with its seconds, stopping between them. Raises RuntimeError where the province is wrong."""
    sink, clock = Sink(), pipeline.Clock()
    start = perf_counter()
    fleet = pipeline.meant(shared, province, sink, clock)
    yield STAGES[1], perf_counter() - start
    start = perf_counter()
    decided = None if fleet is None else plan.plan(fleet, sink)
    yield STAGES[2], perf_counter() - start
    if decided is None:
        raise RuntimeError("; ".join(d.message for d in sink))
    start = perf_counter()
    lowered = lower.lower(decided, sink)
    yield STAGES[3], perf_counter() - start
    start = perf_counter()
    emit.conform(lowered.sheets, lowered.texts, sink)
    yield STAGES[4], perf_counter() - start
    start = perf_counter()
    pipeline.render(pipeline.Compiled(decided, lowered))
    yield STAGES[5], perf_counter() - start


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.stages", description=__doc__)
    parser.add_argument("spec", type=Path, help="a fleet spec, such as `milepost generate` makes")
    parser.add_argument("province", help="its province")
    parser.add_argument("--rounds", type=int, default=7, help="the least of so many counts")
    parser.add_argument("--until", choices=STAGES, help="run once, and end after this stage")
    return parser


if __name__ == "__main__":
    sys.exit(main())
