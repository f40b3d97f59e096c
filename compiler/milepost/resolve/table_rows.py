"""Table rows by name; a name stands for one row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, count
from typing import TypeVar

from milepost.diagnostics import Code, Related, Sink
from milepost.model.document import InventoryTable
from milepost.model.origin import RowOrigin
from milepost.model.parsed import NodeTable, StationTable
from milepost.model.spec import NodeRow, StationRow

MP3010 = Code(
    "MP3010",
    "duplicate row name",
    "Stations of a province, and nodes of a province, are told apart by name: a node's name is its name in Kubernetes.",
    "name,station,profile\nhn-01,yueyang,arm-lane\nhn-01,yueyang,arm-lane\n",
)

R = TypeVar("R", StationRow, NodeRow)
StationEntry = tuple[StationRow, RowOrigin]
NodeEntry = tuple[NodeRow, RowOrigin]


def station_rows(tables: Iterable[StationTable], sink: Sink) -> dict[str, StationEntry]:
    """Every station's row and its place, by name, sorted."""
    return _by_name(list(chain.from_iterable(_entries(t.table, t.rows) for t in tables)), "stations", sink)


def node_rows(tables: Iterable[NodeTable], sink: Sink) -> dict[str, NodeEntry]:
    """Every node's row and its place, by name, sorted."""
    return _by_name(list(chain.from_iterable(_entries(t.table, t.rows) for t in tables)), "nodes", sink)


def _entries(table: InventoryTable, rows: Sequence[R]) -> Iterator[tuple[R, RowOrigin]]:
    return zip(rows, map(partial(RowOrigin, table), count()), strict=False)


def _by_name(entries: Sequence[tuple[R, RowOrigin]], what: str, sink: Sink) -> dict[str, tuple[R, RowOrigin]]:
    found = {entry[0].name: entry for entry in entries}
    # Only then somebody has to be named twice; the usual case is one comprehension over 100,000
    # rows.
    if len(found) < len(entries):
        found = {}
        for row, origin in entries:
            _keep(found, row, origin, what, sink)
    return {name: found[name] for name in sorted(found)}


def _keep(found: dict[str, tuple[R, RowOrigin]], row: R, origin: RowOrigin, what: str, sink: Sink) -> None:
    first = found.setdefault(row.name, (row, origin))
    if first[0] is not row:
        sink.report(
            MP3010,
            f'two {what} are named "{row.name}"',
            origin.of("name").span,
            related=[Related("first named here", first[1].of("name").span)],
        )
