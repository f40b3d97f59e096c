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
from milepost.model.spec import DeviceRow, NodeRow, StationRow, VirtualAddressRow

MP3010 = Code(
    "MP3010",
    "duplicate row name",
    "Stations of a province, and nodes of a province, are told apart by name: a node's name is its name in Kubernetes. "
    "Virtual addresses and devices have names that are unique at their station.",
    "name,station,profile\nhn-01,yueyang,arm-lane\nhn-01,yueyang,arm-lane\n",
)

R = TypeVar("R", StationRow, NodeRow)
S = TypeVar("S", VirtualAddressRow, DeviceRow)
T = TypeVar("T")
StationEntry = tuple[StationRow, RowOrigin]
NodeEntry = tuple[NodeRow, RowOrigin]


def station_rows(tables: Iterable[StationTable], sink: Sink) -> dict[str, StationEntry]:
    """Every station's row and its place, by name, sorted."""
    return _by_name(list(chain.from_iterable(entries_of(t.table, t.rows) for t in tables)), "stations", sink)


def node_rows(tables: Iterable[NodeTable], sink: Sink) -> dict[str, NodeEntry]:
    """Every node's row and its place, by name, sorted."""
    return _by_name(list(chain.from_iterable(entries_of(t.table, t.rows) for t in tables)), "nodes", sink)


def rows_at_stations(
    entries: Iterable[tuple[S, RowOrigin]], what: str, sink: Sink
) -> dict[tuple[str, str], tuple[S, RowOrigin]]:
    """Rows of virtual addresses or devices and their places, by station and name, sorted."""
    found: dict[tuple[str, str], tuple[S, RowOrigin]] = {}
    for row, origin in entries:
        first = found.setdefault((row.station, row.name), (row, origin))
        if first[0] is not row:
            sink.report(
                MP3010,
                f'two {what} of station "{row.station}" are named "{row.name}"',
                origin.of("name").span,
                related=[Related("first named here", first[1].of("name").span)],
            )
    return {key: found[key] for key in sorted(found)}


def entries_of(table: InventoryTable, rows: Sequence[T]) -> Iterator[tuple[T, RowOrigin]]:
    """Each row of a table with its place."""
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
