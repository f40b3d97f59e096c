"""Inventory files: the ending of the name says the format, ``.csv``, ``.yaml`` or ``.yml``."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from milepost.diagnostics import Code, Severity, Sink, Span
from milepost.load.csv.column_names import ColumnNames
from milepost.load.csv.csv_table import read_csv
from milepost.load.decode import decode
from milepost.load.files import Place
from milepost.load.quote import quote
from milepost.load.yaml.yaml_table import read_yaml
from milepost.model.document import InventoryTable

MP1040 = Code(
    "MP1040",
    "unknown inventory format",
    "Inventory files are CSV (`.csv`) or YAML lists (`.yaml`, `.yml`). A spreadsheet can save a sheet as CSV UTF-8.",
    "stations: [stations.xlsx]",
)
MP1049 = Code(
    "MP1049",
    "empty inventory",
    "The file is named as inventory and holds no row. A province without stations compiles to a tree that runs nothing, "
    "and a station without nodes cannot hold anything; an export that failed looks just like that.",
    "name,group,type   # and nothing below the header",
    Severity.WARNING,
)

_FORMS = (".csv", ".yaml", ".yml")


def read_table(
    root: Path, path: str, data: bytes, place: Place, names: ColumnNames, sink: Sink
) -> InventoryTable | None:
    """The table in ``data``, or None after a diagnostic; ``place`` is where a document names the file.

    ``root`` is kept to read the file again when a cell's place is asked for.
    """
    form = PurePosixPath(path).suffix
    if form not in _FORMS:
        sink.report(MP1040, f"{quote(path)} is neither CSV nor YAML", place(), hint="save it as CSV UTF-8")
        return None
    text, faults = decode(data, path, sink), len(sink)
    table = None
    if text is not None:
        table = (
            read_csv(root, path, text, names, sink) if form == ".csv" else read_yaml(root, path, text, sink)
        )
    # An export that failed often leaves the header alone. Compiled as it stands, it would
    # remove every station.
    if table is not None and not table.rows and len(sink) == faults:
        hint = "add a row, or do not name this file in the Province"
        sink.report(MP1049, "this inventory has no row", Span(path, 1, 1, 1, 2), hint=hint)
    return table
