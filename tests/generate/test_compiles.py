"""Generated fleets and the example go through the whole compiler without a word from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from milepost import pipeline
from milepost.diagnostics import Sink
from milepost.generate import Partition, generate

EXAMPLE = Path(__file__).parents[2] / "fleet-spec"


def complaints(root: Path) -> list[str]:
    sink = Sink()
    shared = pipeline.read(root, sink)
    if shared is not None:
        for province in shared.provinces:
            pipeline.compile_province(shared, province, sink)
    return [f"{diagnostic.span}: {diagnostic.code.id} {diagnostic.message}" for diagnostic in sink]


def test_the_example_compiles() -> None:
    """Every province, with no error and no warning."""
    assert complaints(EXAMPLE) == []


@pytest.mark.parametrize(
    ("provinces", "nodes", "partition"),
    [(1, 6, "station-group"), (3, 700, "station"), (29, 2_000, "station-group")],
)
def test_a_generated_fleet_compiles(tmp_path: Path, provinces: int, nodes: int, partition: Partition) -> None:
    """Every province, with no error and no warning."""
    generate(tmp_path / "fleet", provinces=provinces, nodes=nodes, seed=3, partition=partition)
    assert complaints(tmp_path / "fleet") == []
