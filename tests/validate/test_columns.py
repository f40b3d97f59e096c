"""Rows that are validated by columns: the same is taken and refused as row by row, and the same is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from load.reading import table
from milepost.model import spec
from milepost.model.document import TableRows
from milepost.validate.columns import columns, fits

HEAD = "name,station,profile,roles,address,access,label:rack,value:lanes\n"
GOOD = HEAD + "n1,s1,box,lane gantry,10.0.0.1,fibre,7,4\nn2,s1,box,,,,,\nn3,s2,box,lane gantry,,,7,4\n"
CELLS = {
    "name": ["Ä", "", "n_1"],
    "station": ["", "S1"],
    "profile": ["-", ""],
    "roles": ["lane Gantry", "x" * 64],
    "address": ["10.0.0", "10.0.0.256"],
    "access": ["A"],
    "label:rack": ["a b", "x" * 64],
}
"""Wrong ones of each column, the values alone take any text."""


def rows_of(folder: Path, name: str, text: str) -> TableRows:
    found, faults = table(folder, name, text)
    assert not faults
    assert found is not None
    return found.rows


def taken(rows: TableRows) -> list[tuple[Any, ...]] | None:
    """What the model of a node makes of each row, looked at alone."""
    try:
        models = TypeAdapter(list[spec.NodeRow]).validate_python(list(rows))
    except ValidationError:
        return None
    return [tuple(getattr(model, field) for field in spec.NodeRow.model_fields) for model in models]


def by_columns(rows: TableRows) -> list[tuple[Any, ...]] | None:
    return list(zip(*columns(spec.NodeRow, rows), strict=True)) if fits(spec.NodeRow, rows) else None


@pytest.mark.parametrize("text", [GOOD, HEAD + "n1,s1,box,  ,,,,\n", "name,station,profile\nn1,s1,box\n"])
def test_cells_of_csv_are_read_as_row_by_row(tmp_path: Path, text: str) -> None:
    """Defaults included, for a row that has nothing there and for a column that is not there."""
    rows = rows_of(tmp_path, "n.csv", text)
    assert taken(rows) is not None
    assert by_columns(rows) == taken(rows)


@pytest.mark.parametrize(("column", "cell"), [(c, cell) for c, cells in CELLS.items() for cell in cells])
def test_one_wrong_cell_among_good_ones_is_refused(tmp_path: Path, column: str, cell: str) -> None:
    """Whichever column it is in."""
    row = {"name": "n4", "station": "s1", "profile": "box"} | {column: cell}
    text = ",".join(row.get(name, "") for name in HEAD.strip().split(","))
    rows = rows_of(tmp_path, "n.csv", f"{GOOD}{text}\n")
    assert taken(rows) is None
    assert by_columns(rows) is None


@pytest.mark.parametrize(
    ("row", "good"),
    [
        ("{name: n1, station: s1, profile: box, values: {a: 1, b: true, c: 1.5, d: x}}", True),
        ("{name: n1, station: s1, profile: box, address: null, access: ~}", True),
        ("{name: n1, station: s1, profile: box, roles: null}", False),
        ("{name: n1, station: s1, profile: box, labels: {a: 1}}", False),
        ("{name: n1, station: s1, profile: box, label:rack: 7}", False),
        ("{name: n1, station: s1, profile: 1}", False),
        ("{name: [n1], station: s1, profile: box}", False),
        ("{station: s1, profile: box}", False),
        ("{}", False),
    ],
)
def test_values_of_yaml_are_read_as_row_by_row(tmp_path: Path, row: str, good: bool) -> None:
    """They have types, and a null is not the same as nothing."""
    rows = rows_of(tmp_path, "n.yaml", f"- {{name: n0, station: s1, profile: box, roles: [lane]}}\n- {row}\n")
    assert (taken(rows) is not None) == good
    assert by_columns(rows) == taken(rows)
