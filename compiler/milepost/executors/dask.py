"""The Dask executor: ``dask://scheduler:8786``. For fleets, or pipelines, that one machine is too slow for.

Workers get the bytes of the files that a province sees and send its tree back compressed; this machine alone writes, all
provinces or none. So a cluster needs no shared disk and nothing of the fleet spec, only Milepost as it is here. A lost
worker's provinces go to others. What cannot be shipped as it should (a table that is missing) is compiled here.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from milepost import pipeline
from milepost.executors import NoSuchExecutorError
from milepost.executors.executor_protocol import (
    CompiledTree,
    Decide,
    OutputTarget,
    Progress,
    ProvinceRunner,
    StagedProvinces,
    compile_tree,
    put_together,
    standing,
)
from milepost.executors.outcome import Outcome
from milepost.executors.serialization import (
    ProvinceTask,
    SharedFiles,
    deserialize,
    run_task,
    shared_files,
    task_for,
)

_PORT = 8786
"""Of Dask's scheduler, unless it is told otherwise."""
_PATIENCE = 10.0
"""Seconds for the scheduler to answer, and for a first worker to be there."""


def executor(address: str, jobs: int | None) -> ProvinceRunner:
    """``address`` is the scheduler's ``host`` or ``host:port``; how many processes there are is the cluster's to say."""
    if jobs is not None:
        raise NoSuchExecutorError(
            "--jobs is for this machine's processes; a Dask cluster has as many as it was started with"
        )
    parts = urlsplit(f"//{address}")
    if not parts.hostname or parts.path or parts.query:
        raise NoSuchExecutorError(
            f'"dask://{address}" does not name a scheduler, as dask://scheduler:8786 does'
        )
    return partial(run, f"tcp://{parts.hostname}:{parts.port or _PORT}")


def run(
    scheduler: str,
    shared: pipeline.SharedSpec,
    names: Sequence[str],
    target: OutputTarget,
    decide: Decide,
    progress: Progress,
) -> list[Outcome]:
    """As ``executor_protocol.ProvinceRunner``."""
    staged = StagedProvinces(target)
    try:
        outcomes = {}
        for made in _made(scheduler, shared, names, target):
            outcomes[made.outcome.province] = staged.stage(made)
            progress(outcomes[made.outcome.province])
        ordered = [outcomes[name] for name in names]
        if not decide(ordered):
            return ordered
        staged.clear()
        return standing(ordered, put_together([staged]))
    finally:
        staged.close()


def _made(
    scheduler: str, shared: pipeline.SharedSpec, names: Sequence[str], target: OutputTarget
) -> Iterator[CompiledTree]:
    """Provinces as they get ready."""
    orders = {name: task_for(shared, name, rendered=target.rendered) for name in names}
    away = [wanted for wanted in orders.values() if wanted is not None]
    if away:
        dask = _distributed()
        # Not as the default: a program that uses Milepost may have a client of its own.
        with dask.Client(scheduler, timeout=_PATIENCE, set_as_default=False) as client:
            yield from _from_workers(dask, client, shared, away)
    for name in (name for name, wanted in orders.items() if wanted is None):
        yield compile_tree(shared, name, rendered=target.rendered)


def _from_workers(
    dask: Any, client: Any, shared: pipeline.SharedSpec, orders: Sequence[ProvinceTask]
) -> Iterator[CompiledTree]:
    """Submits the provinces that take longest first. Raises ChildProcessError for what a worker could not do."""
    client.wait_for_workers(1, timeout=_PATIENCE)
    # As a task, not as scattered data: that would be gone with the workers that hold it.
    common = client.submit(_unchanged, shared_files(shared), pure=False)
    asked = {}
    for number, wanted in enumerate(sorted(orders, key=_weight, reverse=True)):
        # `pure=False`: Dask would otherwise hash all bytes of a task to name it, and take one
        # of an earlier run for the same.
        asked[client.submit(run_task, wanted, common, pure=False, priority=-number)] = wanted.province
    for future in dask.as_completed(asked, loop=client.loop):
        try:
            parcel = future.result()
        except Exception as error:
            raise ChildProcessError(
                f"a worker of the Dask cluster could not compile {asked[future]}: {error}"
            ) from error
        # The cluster drops the tree when it has arrived; without it, all trees would stay in
        # the workers' memory.
        future.release()
        yield deserialize(parcel)


def _unchanged(common: SharedFiles) -> SharedFiles:
    return common


def _weight(wanted: ProvinceTask) -> int:
    return sum(map(len, wanted.tables.values()))


def _distributed() -> Any:
    """Dask's library; its functions have no types. Raises OSError where it is not installed."""
    try:
        return importlib.import_module("distributed")
    except ImportError:
        raise OSError("Dask is not installed; pip install 'milepost[dask]'") from None
