"""A Dask cluster compiles what this machine would, and only this machine writes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from compiling import read_files
from executors.cluster import Cluster, cluster
from milepost import driver, executors, pipeline
from milepost.diagnostics import Diagnostic, Sink
from milepost.driver import RunVerdict
from milepost.executors import dask, serialization
from milepost.executors.executor_protocol import compile_tree
from milepost.generate import generate

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shared_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("dask") / "cluster", workers=2) as running:
        yield running


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    generate(tmp_path / "spec", provinces=3, nodes=90, seed=3)
    return tmp_path / "spec"


def run(
    spec: Path, output: Path | None, executor: str, watch: driver.ProgressListener | None = None
) -> driver.RunResult:
    request = driver.RunRequest(spec, output, cached=False, executor=executor)
    return driver.run(request, watch)


def told(result: driver.RunResult) -> list[Diagnostic]:
    return list(result.diagnostics)


def read(spec: Path) -> pipeline.SharedSpec:
    shared = pipeline.read(spec, Sink())
    assert shared is not None
    return shared


def test_a_cluster_gives_the_bytes_of_this_machine(
    shared_cluster: Cluster, spec: Path, tmp_path: Path
) -> None:
    """And says the same numbers of every province."""
    here = run(spec, tmp_path / "here", "local")
    there = run(spec, tmp_path / "there", shared_cluster.address)
    assert (there.verdict, told(there)) == (RunVerdict.FINE, told(here))
    assert dict(read_files(tmp_path / "there")) == dict(read_files(tmp_path / "here"))
    assert [o.numbers for o in there.outcomes] == [o.numbers for o in here.outcomes]


def test_a_fault_in_a_row_is_told_as_here_and_nothing_is_written(
    shared_cluster: Cluster, spec: Path, tmp_path: Path
) -> None:
    """The place, the words and the hint, although the worker read its own copy of the table."""
    nodes = max((spec / "provinces").glob("*/nodes.csv"))
    head, first, *rest = nodes.read_text().splitlines()
    nodes.write_text("\n".join([head, first.replace(",", ",nowhere-", 1), *rest]) + "\n")
    there = run(spec, tmp_path / "there", shared_cluster.address)
    assert there.verdict is RunVerdict.WRONG
    assert told(there) == told(run(spec, tmp_path / "here", "local"))
    assert not dict(read_files(tmp_path / "there"))


def test_a_missing_table_is_told_as_here(shared_cluster: Cluster, spec: Path, tmp_path: Path) -> None:
    """With the near name, which only this machine can know."""
    nodes = max((spec / "provinces").glob("*/nodes.csv"))
    nodes.rename(nodes.with_name("node.csv"))
    there = run(spec, None, shared_cluster.address)
    assert told(there) == told(run(spec, None, "local"))
    assert any("node.csv" in (diagnostic.hint or "") for diagnostic in told(there))


def test_checking_alone_brings_no_trees_back(shared_cluster: Cluster, spec: Path) -> None:
    """What nobody wants is neither rendered nor sent."""
    result = run(spec, None, shared_cluster.address)
    assert result.verdict is RunVerdict.FINE
    assert all("render" not in outcome.stages and "conform" in outcome.stages for outcome in result.outcomes)


def test_the_provinces_of_a_lost_worker_go_to_others(spec: Path, tmp_path: Path) -> None:
    """A machine that goes away in the middle costs time and nothing else."""
    with cluster(tmp_path / "cluster", workers=2) as running:

        def step(_: object) -> None:
            if len(running.workers) == 2:
                running.lose_a_worker()

        result = run(spec, tmp_path / "there", running.address, driver.ProgressListener(step=step))
    assert result.verdict is RunVerdict.FINE
    run(spec, tmp_path / "here", "local")
    assert dict(read_files(tmp_path / "there")) == dict(read_files(tmp_path / "here"))


def test_what_is_shipped_is_enough(spec: Path) -> None:
    """A province compiles to the same tree after everything that was not shipped is gone."""
    shared = read(spec)
    name = shared.provinces[0]
    here = compile_tree(shared, name, rendered=True)
    wanted, common = serialization.task_for(shared, name, rendered=True), serialization.shared_files(shared)
    shutil.rmtree(spec)
    assert wanted is not None
    there = serialization.deserialize(serialization.run_task(wanted, common))
    assert here.tree is not None and there.tree is not None
    assert list(there.tree.items()) == list(here.tree.items())


def test_inventory_of_other_provinces_is_not_shipped(spec: Path) -> None:
    """Tables are most of a fleet spec's bytes."""
    shared = read(spec)
    wanted = serialization.task_for(shared, shared.provinces[0], rendered=True)
    assert wanted is not None
    assert {path.split("/")[1] for path in wanted.tables} == {shared.provinces[0]}
    assert not any(path.endswith(".csv") for path in serialization.shared_files(shared).files)


def test_a_worker_with_another_milepost_refuses(spec: Path) -> None:
    """It might make other bytes, and nobody would see it."""
    shared = read(spec)
    wanted = serialization.ProvinceTask(shared.provinces[0], {}, True, "another")
    with pytest.raises(serialization.CompilerMismatchError, match="another Milepost"):
        serialization.run_task(wanted, serialization.shared_files(shared))


def test_a_scheduler_that_does_not_answer_is_said_so(
    spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the system, which the command line shows with exit code 2; nothing is written."""
    monkeypatch.setattr(dask, "_PATIENCE", 0.5)
    with pytest.raises(OSError, match=re.escape("127.0.0.1:1")):
        run(spec, tmp_path / "there", "dask://127.0.0.1:1")
    assert not dict(read_files(tmp_path / "there"))


def test_a_cluster_without_workers_is_said_so(
    spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for machines that may never come."""
    monkeypatch.setattr(dask, "_PATIENCE", 2.0)
    with (
        cluster(tmp_path / "cluster", workers=0) as running,
        pytest.raises(OSError, match="workers"),
    ):
        run(spec, None, running.address)


@pytest.mark.parametrize("address", ["", ":8786", "host/path", "host?x=1"])
def test_an_address_that_names_no_scheduler_is_refused(address: str) -> None:
    """Before anything is asked of the network."""
    with pytest.raises(executors.NoSuchExecutorError, match="does not name a scheduler"):
        executors.executor(f"dask://{address}")


def test_jobs_are_for_processes_of_this_machine() -> None:
    """A number without an effect is refused."""
    with pytest.raises(executors.NoSuchExecutorError, match="--jobs"):
        executors.executor("dask://scheduler", jobs=4)
