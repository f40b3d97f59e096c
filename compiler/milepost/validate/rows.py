"""Tables -> typed rows: unknown columns, missing cells and wrong cells, each with its place."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from milepost.diagnostics import Code, Sink, did_you_mean
from milepost.model import spec
from milepost.model.document import ProvinceSource, Table
from milepost.model.written import Inventory, NodeRows, StationRows, Written
from milepost.validate.findings import sentence

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
    "wrong cell",
    "A cell of an inventory file has the wrong form.",
    "name,group,type,stake\nyueyang,hn-g4,toll-station,1234.5\n",
)

_STATIONS = TypeAdapter(list[spec.StationRow])
_NODES = TypeAdapter(list[spec.NodeRow])
_FINDINGS_PER_TABLE = 50
"""A table from a wrong export has one root cause and a fault in every row: the first rows tell it."""


def inventory(source: ProvinceSource, province: Written[spec.Province], sink: Sink) -> Inventory | None:
    """The typed tables of a province, or None when a row has the wrong shape; every fault is in ``sink``."""
    stations = tuple(
        StationRows(t, tuple(_rows(_STATIONS, spec.StationRow, t, sink))) for t in source.stations
    )
    nodes = tuple(NodeRows(t, tuple(_rows(_NODES, spec.NodeRow, t, sink))) for t in source.nodes)
    return None if sink.failed else Inventory(province, stations, nodes)


def _rows(
    adapter: TypeAdapter[list[Any]], model: type[spec.SpecModel], table: Table, sink: Sink
) -> list[Any]:
    if not _columns_known(model, table, sink):
        return []
    try:
        return adapter.validate_python(table.rows)
    except ValidationError as error:
        findings = error.errors(include_url=False)
        for finding in findings[:_FINDINGS_PER_TABLE]:
            _report(finding, model, table, sink)
        return []


def _columns_known(model: type[spec.SpecModel], table: Table, sink: Sink) -> bool:
    known = {field.alias or name for name, field in model.model_fields.items()}
    unknown = [c for c in table.columns if c not in known and not c.startswith(("label:", "value:"))]
    for column in unknown:
        sink.report(
            MP2010,
            f'unknown column "{column}"',
            table.places.header(column),
            hint=did_you_mean(column, known),
        )
    return not unknown


def _report(finding: Any, model: type[spec.SpecModel], table: Table, sink: Sink) -> None:
    row, *path = finding["loc"]
    column = _column(path)
    if finding["type"] == "missing":
        sink.report(MP2011, f'the cell "{column}" is empty', table.span(row))
    elif finding["type"] == "extra_forbidden":
        known = [field.alias or name for name, field in model.model_fields.items()]
        sink.report(
            MP2010, f'unknown key "{column}"', table.span(row, column), hint=did_you_mean(str(column), known)
        )
    else:
        sink.report(MP2012, sentence(finding, tuple(path[:1])), table.span(row, column))


def _column(path: list[Any]) -> str | None:
    """The column of a finding; one label or value has a column of its own."""
    if len(path) > 1 and path[0] in ("labels", "values"):
        return f"{path[0][:-1]}:{path[1]}"
    return str(path[0]) if path else None
