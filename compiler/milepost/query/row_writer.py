"""Row files: a province's rows as one CSV file per table, loaded by DuckDB all at once.

Text between processes and DuckDB: it reads CSV in parallel, several times as fast as it takes values from Python.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from milepost.model.manifest import PLACEHOLDER_OPEN
from milepost.model.record import by_value
from milepost.pipeline import Compiled
from milepost.query.tables import Cell, tables

NULL = PLACEHOLDER_OPEN
"""How nothing is written: no text of a fleet spec holds this character."""
_EMPTY = "''"


@by_value
class RowWriter:
    """Writes the rows of a province below ``folder``: ``<table>/<province>.csv``."""

    folder: Path

    def __call__(self, compiled: Compiled) -> None:
        """Raises OSError."""
        province = compiled.plan.fleet.province.name
        for table in tables():
            file = self.folder / table.name / f"{province}.csv"
            file.parent.mkdir(exist_ok=True)
            # newline="" as the documentation of the csv module asks: line ends inside quoted
            # cells must stay as they are.
            with file.open("w", encoding="utf-8", newline="") as opened:
                csv.writer(opened, lineterminator="\n").writerows(
                    [_cell(cell) for cell in row] for row in table.rows(compiled)
                )


def _cell(cell: Cell) -> Any:
    """Lists and maps in the form that DuckDB casts from text; keys and values of labels need no quotes."""
    if cell is None:
        # Not the empty string: an absent value and an empty one are different answers.
        return NULL
    if isinstance(cell, list):
        return json.dumps(cell, ensure_ascii=False)
    if isinstance(cell, dict):
        # The text form of a DuckDB MAP. An empty value needs its quotes, or the cast fails.
        return "{" + ", ".join(f"{key}={value or _EMPTY}" for key, value in cell.items()) + "}"
    return cell
