"""``rendered/`` is what the compiler makes of ``fleet-spec/``: whoever changes one commits the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from milepost import driver

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def test_the_committed_trees_are_those_of_the_example() -> None:
    """`make compile` writes them."""
    request = driver.RunRequest(ROOT / "fleet-spec", ROOT / "rendered", compare=True, cached=False, jobs=1)
    run = driver.run(request)
    found = [f"{o.province}/{path} is {kind}" for o in run.outcomes for path, kind in o.differences]
    assert (run.verdict, found) == (driver.RunVerdict.FINE, [])
