"""What one more station costs does not grow with the fleet. Calls are counted, not seconds: a busy machine changes nothing."""

from __future__ import annotations

import cProfile
import gc
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from milepost import pipeline
from milepost.diagnostics import Sink
from milepost.generate import generate

pytestmark = pytest.mark.slow

ROOM = 1.15
"""Generated fleets of two sizes are not quite of one mixture."""

P = ParamSpec("P")
T = TypeVar("T")


def counted(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> tuple[T, int]:
    """What ``work`` gives, and how many functions were called for it, those written in C among them."""
    profile = cProfile.Profile()
    given = profile.runcall(work, *arguments, **named)
    return given, sum(entry.callcount for entry in profile.getstats())


def read(root: Path) -> pipeline.SharedSpec:
    shared = pipeline.read(root, Sink())
    assert shared is not None
    return shared


def compile_one(shared: pipeline.SharedSpec, name: str) -> int:
    """From the inventory to the bytes; gives the number of stations."""
    sink = Sink()
    compiled = pipeline.compile_province(shared, name, sink)
    assert compiled is not None, [diagnostic.message for diagnostic in sink]
    pipeline.render(compiled)
    return sum(len(group.stations) for group in compiled.plan.fleet.province.groups)


@pytest.fixture(autouse=True)
def _warm(tmp_path: Path) -> None:
    """A small fleet to load modules and fill caches with, which would count for the first size otherwise."""
    generate(tmp_path / "warm", provinces=1, nodes=60, seed=1)
    shared = read(tmp_path / "warm")
    compile_one(shared, *shared.provinces)


def test_the_next_station_costs_what_the_last_one_did(tmp_path: Path) -> None:
    """In one province: from 1,000 nodes to 2,500, and from there to 4,000."""
    points = []
    for nodes in (1_000, 2_500, 4_000):
        generate(tmp_path / str(nodes), provinces=1, nodes=nodes, seed=1)
        shared = read(tmp_path / str(nodes))
        points.append(counted(compile_one, shared, *shared.provinces))
    (x1, y1), (x2, y2), (x3, y3) = points
    early, late = (y2 - y1) / (x2 - x1), (y3 - y2) / (x3 - x2)
    assert late <= ROOM * early, f"{early:.0f} calls for one more station at first, {late:.0f} later"


def test_a_province_costs_the_same_however_many_others_there_are(tmp_path: Path) -> None:
    """Four provinces of a country of four, and the same of a country of eight, by the station."""
    each = {}
    for provinces in (4, 8):
        root = tmp_path / str(provinces)
        generate(root, provinces=provinces, nodes=700 * provinces, seed=1)
        shared = read(root)
        found = {name: counted(compile_one, shared, name) for name in shared.provinces}
        each[provinces] = {name: calls / stations for name, (stations, calls) in found.items()}
    for name, calls in each[4].items():
        assert each[8][name] <= ROOM * calls, (
            f"{name}: {calls:.0f} calls a station, {each[8][name]:.0f} among more"
        )


def test_a_province_leaves_memory_by_itself(tmp_path: Path) -> None:
    """No rings of objects that know each other: what Python's collector finds does not grow with the stations."""
    rings = []
    for nodes in (60, 600):
        generate(tmp_path / str(nodes), provinces=1, nodes=nodes, seed=1)
        shared = read(tmp_path / str(nodes))
        gc.collect()
        gc.disable()
        try:
            compile_one(shared, *shared.provinces)
            rings.append(gc.collect())
        finally:
            gc.enable()
    assert rings[1] <= rings[0] + 100


def test_one_more_province_costs_what_the_last_one_did_to_read(tmp_path: Path) -> None:
    """What all provinces share grows with their number and no faster."""
    counts = []
    for provinces in (2, 4, 8):
        generate(tmp_path / str(provinces), provinces=provinces, nodes=60 * provinces, seed=1)
        counts.append(counted(read, tmp_path / str(provinces))[1])
    early, late = (counts[1] - counts[0]) / 2, (counts[2] - counts[1]) / 4
    assert late <= ROOM * early, f"{early:.0f} calls for one more province at first, {late:.0f} later"
