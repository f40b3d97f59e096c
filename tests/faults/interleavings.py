"""Two runs into one output, of two specs, in every order of their steps: nothing false is ever recorded.

The machine has no locks for them, so that every order can happen. The cheapest of the runs take part: a fleet of one
station.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pytest

from cache.interleaved import STEPS, orders, stop_at_steps, take_turns, without_locks
from cache.test_two_runs import ENOUGH, Scene
from faults.figures import Figures

NAME = "interleavings"
COUNT, QUICK = 3_432, 8
"""All orders of seven steps and seven."""


def run(count: int, seed: int) -> Figures:
    """The first ``count`` orders of those that ``seed`` begins with."""
    figures = Figures(
        "Two compiles of two specs into one output, step by step, in every order of their steps.",
        "No record says that a tree stands which does not; the next compile leaves the tree of its spec.",
    )
    every = list(orders(ENOUGH, ENOUGH))
    with tempfile.TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MILEPOST_CACHE_DIR", f"{scratch}/cache")
        scene = Scene(Path(scratch), Path(scratch, "cache"))
        for order in _chosen(every, count, seed):
            _one(scene, order, figures)
    return figures


def _chosen(every: list[tuple[bool, ...]], count: int, seed: int) -> Iterator[tuple[bool, ...]]:
    """Spread over all of them, where not all are asked for."""
    stride = max(1, len(every) // count)
    return islice(iter(every[seed % stride :: stride]), count)


def _one(scene: Scene, order: Sequence[bool], figures: Figures) -> None:
    said = "".join("1" if first else "2" for first in order)
    try:
        scene.begin()
        with pytest.MonkeyPatch.context() as patch:
            without_locks(patch)
            stop_at_steps(patch, STEPS)
            runs = take_turns(order, scene.run("b"), scene.run("a"))
        scene.check(f"order {said}")
    except AssertionError as error:
        figures.fail(f"order {said}: {str(error)[:200]}")
        return
    failed = sum(run.error is not None for run in runs)
    figures.add(("both ended", "one was refused", "both were refused")[failed])
