"""Which executor is asked for, and what each stage took."""

from __future__ import annotations

from pathlib import Path

import pytest

from milepost import driver, executors
from milepost.cli import stage_table
from milepost.generate import generate

pytestmark = pytest.mark.slow

STAGES = ["load", "validate", "resolve", "plan", "lower", "conform", "render", "write"]


def test_executors_are_found_by_their_files() -> None:
    """A new one is a new file."""
    assert executors.schemes() == ("dask", "local")


@pytest.mark.parametrize("wanted", ["slurm://head", "", "base", "outcome"])
def test_an_unknown_executor_is_refused_with_those_that_there_are(wanted: str) -> None:
    """Files that are no executors are none."""
    with pytest.raises(executors.NoSuchExecutorError, match="there are dask and local"):
        executors.executor(wanted)


def test_the_local_executor_has_no_address() -> None:
    """What would have no effect is refused."""
    with pytest.raises(executors.NoSuchExecutorError, match="has no address"):
        executors.executor("local://elsewhere")


def test_every_stage_of_every_province_is_timed(tmp_path: Path) -> None:
    """In the order in which they run; a table has a line for each province and one for the sum."""
    generate(tmp_path / "spec", provinces=2, nodes=40, seed=1)
    result = driver.run(driver.RunRequest(tmp_path / "spec", tmp_path / "out", jobs=1, cached=False))
    assert all(list(outcome.stages) == STAGES for outcome in result.outcomes)
    head, *lines = stage_table.lines(result.outcomes)
    assert head.split() == ["province", *STAGES, "all"]
    assert len(lines) == 3 and all(len(line.split()) == len(STAGES) + 2 for line in lines)


def test_what_was_kept_took_no_time() -> None:
    """A run in which nothing changed says so, and has no table."""
    assert list(stage_table.lines([])) == ["no stage ran: nothing has changed since the last run"]
