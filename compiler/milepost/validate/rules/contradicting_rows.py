"""Contradicting rows: facts of the inventory that cannot both be so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from milepost.diagnostics import Code, Related, Severity, Sink, Span
from milepost.diagnostics.wording import and_more
from milepost.model.parsed import NodeTable, ParsedDocument, ParsedSpec, StationTable
from milepost.model.spec import StationGroupDocument
from milepost.model.stake_mark import kilometre

MP2046 = Code(
    "MP2046",
    "two nodes with one address",
    "The nodes of a station share one LAN, where an address is one machine's. Stations may use the same addresses, since "
    "each has a LAN of its own.",
    "name,station,profile,address\na1,a,box,10.43.2.101\na2,a,box,10.43.2.101\n",
)
MP2049 = Code(
    "MP2049",
    "stake mark that contradicts the inventory",
    "A station stands on its road section, so its mark lies between `from` and `to` of the section's `road`; marks of ramps, "
    "which count from a zero of their own, are not compared. Two stations of one type and section at one mark are often one "
    "row that was copied; the carriageways of a road have marks of their own, `ZK` and `YK`.",
    "road: {code: G4, from: K1484+000, to: K1529+000}\n# and in stations.csv a stake of K1611+200\n",
    Severity.WARNING,
)


def check_rows(
    stations: Sequence[StationTable], nodes: Sequence[NodeTable], spec: ParsedSpec, sink: Sink
) -> None:
    _addresses(nodes, sink)
    _outside(stations, spec, sink)
    _at_one_mark(stations, sink)


def _addresses(tables: Sequence[NodeTable], sink: Sink) -> None:
    every = [(row.station, row.address) for table in tables for row in table.rows if row.address]
    # Hardly ever there is one, and a set over all rows is the quickest way to know.
    if len(set(every)) == len(every):
        return
    first: dict[tuple[str, str], tuple[str, Span]] = {}
    for table in tables:
        for index, row in enumerate(table.rows):
            if row.address:
                span = table.table.span(index, "address")
                other, its = first.setdefault((row.station, row.address), (row.name, span))
                if other != row.name:
                    message = (
                        f"{row.name} and {other} of station {row.station} have one address, {row.address}"
                    )
                    sink.report(MP2046, message, span, related=[Related("the other one", its)])


def _outside(tables: Sequence[StationTable], spec: ParsedSpec, sink: Sink) -> None:
    stretches: dict[str, tuple[float, float, ParsedDocument[StationGroupDocument]]] = {}
    for group in spec.station_groups.values():
        road = group.model.spec.road
        start, end = kilometre(road.start), kilometre(road.end)
        # A road may count against the direction in which the section is written.
        if start is not None and end is not None:
            stretches[group.name] = (min(start, end), max(start, end), group)
    for table in tables:
        for index, row in enumerate(table.rows):
            stretch = stretches.get(row.group or "") if row.stake else None
            mark = kilometre(row.stake) if stretch else None
            if stretch and mark is not None and not stretch[0] <= mark <= stretch[1]:
                road = stretch[2].model.spec.road
                sink.report(
                    MP2049,
                    f"{row.name} stands at {row.stake}, outside of its section, {road.start} to {road.end}",
                    table.table.span(index, "stake"),
                    related=[Related("the section", stretch[2].at.of("spec", "road").span)],
                )


def _at_one_mark(tables: Sequence[StationTable], sink: Sink) -> None:
    for table in tables:
        every = [(row.group, row.type, row.stake) for row in table.rows if row.stake]
        if len(set(every)) == len(every):
            continue
        pairs = list(_pairs(table))
        index, name, other, stake, first = pairs[0]
        sink.report(
            MP2049,
            f"{name} and {other}{and_more(len(pairs) - 1, 'pair')} stand at one mark, {stake}",
            table.table.span(index, "stake"),
            related=[Related("the other one", table.table.span(first, "stake"))],
        )


def _pairs(table: StationTable) -> Iterator[tuple[int, str, str, str, int]]:
    """Rows at the mark of an earlier one: index, both names, the mark, and the index of the earlier one."""
    first: dict[tuple[str | None, str, str], tuple[str, int]] = {}
    for index, row in enumerate(table.rows):
        if row.stake:
            other, its = first.setdefault((row.group, row.type, row.stake), (row.name, index))
            if its != index:
                yield index, row.name, other, row.stake, its
