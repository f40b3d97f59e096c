"""Typed rows: unknown columns, missing cells and invalid cells, each with its place."""

from __future__ import annotations

from itertools import islice
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from milepost.diagnostics import Code, Sink, did_you_mean
from milepost.model import spec
from milepost.model.document import InventoryTable, ProvinceSource
from milepost.model.parsed import (
    AddressTable,
    DeviceTable,
    NodeTable,
    ParsedDocument,
    ParsedInventory,
    ParsedSpec,
    StationTable,
)
from milepost.model.row_record import records
from milepost.validate.columns import columns, fits
from milepost.validate.error_wording import Finding, advice, sentence
from milepost.validate.rules import check_rows

MP2010 = Code(
    "MP2010",
    "unknown column",
    "The first line of an inventory file names a column that this table does not have. Labels and values have "
    "columns of their own: `label:KEY` and `value:NAME`.",
    "name,group,typ\nyueyang,hn-g4,toll-station\n",
)
MP2011 = Code(
    "MP2011",
    "missing cell",
    "A row leaves out a cell that must be filled.",
    "name,group,type\nyueyang,,toll-station\n",
)
MP2012 = Code(
    "MP2012",
    "invalid cell",
    "A cell of an inventory file has the wrong form.",
    "name,group,type,stake\nyueyang,hn-g4,toll-station,1234.5\n",
)

R = TypeVar("R", spec.StationRow, spec.NodeRow, spec.VirtualAddressRow, spec.DeviceRow)
_CAUSES_PER_TABLE = 50
"""A table from a wrong export has one root cause and a fault in every row: the first rows tell it."""


def inventory(
    source: ProvinceSource, province: ParsedDocument[spec.ProvinceDocument], shared: ParsedSpec, sink: Sink
) -> ParsedInventory | None:
    """The typed tables of a province, or None when a row has the wrong shape; every fault is in ``sink``."""
    stations = tuple(StationTable(t, _rows(spec.StationRow, t, sink)) for t in source.stations)
    nodes = tuple(NodeTable(t, _rows(spec.NodeRow, t, sink)) for t in source.nodes)
    addresses = tuple(AddressTable(t, _rows(spec.VirtualAddressRow, t, sink)) for t in source.addresses)
    devices = tuple(DeviceTable(t, _rows(spec.DeviceRow, t, sink)) for t in source.devices)
    check_rows(stations, nodes, shared, sink)
    return None if sink.failed else ParsedInventory(province, stations, nodes, addresses, devices)


def _rows(model: type[R], table: InventoryTable, sink: Sink) -> list[R]:
    if not _columns_known(model, table, sink):
        return []
    # The quick answer for a whole table by its columns (ADR 0017); only a table with a fault is
    # looked at row by row, for places.
    if not fits(model, table.rows):
        try:
            TypeAdapter(list[model]).validate_python(list(table.rows))  # type: ignore[valid-type]
        except ValidationError as error:
            for (row, column, _), findings in islice(_causes(error).items(), _CAUSES_PER_TABLE):
                _report(row, column, findings, model, table, sink)
            return []
    return records(model, columns(model, table.rows))


def _causes(error: ValidationError) -> dict[tuple[int, str | None, object], list[Finding]]:
    """Findings grouped by the cell that they concern; each invalid name of a label or value is a group of its own."""
    causes: dict[tuple[int, str | None, object], list[Finding]] = {}
    for finding in error.errors(include_url=False):
        row, *path = finding["loc"]
        wrong_key = path[-1:] == ["[key]"]
        causes.setdefault((int(row), _column(path), wrong_key), []).append(finding)
    return causes


def _columns_known(model: type[spec.SpecModel], table: InventoryTable, sink: Sink) -> bool:
    known = {field.alias or name: field for name, field in model.model_fields.items()}
    unknown = [c for c in table.columns if c not in known and not c.startswith(("label:", "value:"))]
    for column in unknown:
        hint = (
            did_you_mean(column, known) or "say what it is in columns of the Province, or leave it out there"
        )
        sink.report(MP2010, f'unknown column "{column}"', table.places.header(column), hint=hint)
    required = [name for name, field in known.items() if field.is_required()]
    # An unknown column is likely the missing one with a slip of the pen.
    missing = [n for n in required if n not in table.columns] if table.columns and not unknown else []
    for name in missing:
        sink.report(MP2011, f'there is no column "{name}"', table.places.header(None))
    return not unknown and not missing


def _report(
    row: int,
    column: str | None,
    findings: list[Finding],
    model: type[spec.SpecModel],
    table: InventoryTable,
    sink: Sink,
) -> None:
    kind, last = findings[0]["type"], findings[0]["loc"][-1]
    if kind == "missing":
        sink.report(MP2011, f'the cell "{column}" is empty', table.span(row))
    elif kind == "extra_forbidden":
        hint = did_you_mean(str(column), [field.alias or name for name, field in model.model_fields.items()])
        sink.report(MP2010, f'unknown key "{column}"', table.span(row, column), hint=hint)
    else:
        in_header = last == "[key]" and column in table.columns
        place = table.places.header(column) if in_header else table.span(row, column)
        sink.report(MP2012, sentence(findings, (column,) if column else ()), place, hint=advice(findings))


def _column(path: list[Any]) -> str | None:
    """The column of a finding; one label or value has a column of its own."""
    if len(path) > 1 and path[0] in ("labels", "values"):
        return f"{path[0][:-1]}:{path[1]}"
    return str(path[0]) if path else None
