"""A Dask cluster: ``dask://scheduler:8786``. For fleets, or pipelines, that one machine is too slow for.

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
from milepost.executors.base import Bench, Decide, Made, Progress, Run, Wish, make
from milepost.executors.outcome import Outcome
from milepost.executors.shipping import Order, Shipment, carry_out, order, shipment, unpacked

_PORT = 8786
"""Of Dask's scheduler, unless it is told otherwise."""
_PATIENCE = 10.0
"""Seconds for the scheduler to answer, and for a first worker to be there."""


def executor(address: str, jobs: int | None) -> Run:
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
    shared: pipeline.Shared,
    names: Sequence[str],
    wish: Wish,
    decide: Decide,
    progress: Progress,
) -> list[Outcome]:
    """As ``base.Run``."""
    bench = Bench(wish)
    try:
        outcomes = {}
        for made in _made(scheduler, shared, names, wish):
            outcomes[made.outcome.province] = bench.lay(made)
            progress(outcomes[made.outcome.province])
        ordered = [outcomes[name] for name in names]
        if decide(ordered):
            bench.put()
        return ordered
    finally:
        bench.close()


def _made(scheduler: str, shared: pipeline.Shared, names: Sequence[str], wish: Wish) -> Iterator[Made]:
    """Provinces as they get ready."""
    orders = {name: order(shared, name, rendered=wish.rendered) for name in names}
    away = [wanted for wanted in orders.values() if wanted is not None]
    if away:
        dask = _distributed()
        with dask.Client(scheduler, timeout=_PATIENCE, set_as_default=False) as client:
            yield from _from_workers(dask, client, shared, away)
    for name in (name for name, wanted in orders.items() if wanted is None):
        yield make(shared, name, rendered=wish.rendered)


def _from_workers(dask: Any, client: Any, shared: pipeline.Shared, orders: Sequence[Order]) -> Iterator[Made]:
    """The longest provinces are asked for first. Raises ChildProcessError for what a worker could not do."""
    client.wait_for_workers(1, timeout=_PATIENCE)
    # As a task, not as scattered data: that would be gone with the workers that hold it.
    common = client.submit(_unchanged, shipment(shared), pure=False)
    asked = {}
    for number, wanted in enumerate(sorted(orders, key=_weight, reverse=True)):
        asked[client.submit(carry_out, wanted, common, pure=False, priority=-number)] = wanted.province
    for future in dask.as_completed(asked, loop=client.loop):
        try:
            parcel = future.result()
        except Exception as error:
            raise ChildProcessError(
                f"a worker of the Dask cluster could not compile {asked[future]}: {error}"
            ) from error
        future.release()
        yield unpacked(parcel)


def _unchanged(common: Shipment) -> Shipment:
    return common


def _weight(wanted: Order) -> int:
    return sum(map(len, wanted.tables.values()))


def _distributed() -> Any:
    """Dask's library; its functions have no types. Raises OSError where it is not installed."""
    try:
        return importlib.import_module("distributed")
    except ImportError:
        raise OSError("Dask is not installed; pip install 'milepost[dask]'") from None
