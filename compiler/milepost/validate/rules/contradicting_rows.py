"""Contradicting rows: facts of the inventory that cannot both be so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from milepost.diagnostics import Code, Related, Severity, Sink
from milepost.diagnostics.wording import and_more
from milepost.model.parsed import NodeTable, ParsedDocument, ParsedSpec, StationTable
from milepost.model.spec import StationGroupDocument
from milepost.model.stake_mark import kilometre

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
    _outside(stations, spec, sink)
    _at_one_mark(stations, sink)


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
