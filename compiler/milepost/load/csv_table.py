"""CSV text -> Table: RFC 4180 with commas, a header row, UTF-8.

Cells stay text. Empty cells are left out of their row. ``label:KEY`` and ``value:NAME`` columns become entries of
``labels`` and ``values``; ``roles`` and ``owners`` are split at white space. Which columns there may be is for validate.
There are no comments in CSV: a line that starts with ``#`` is a row like any other.
"""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from typing import Any

from milepost.diagnostics import Code, Related, Sink, Span
from milepost.load.csv_places import CsvPlaces, cell_span
from milepost.model.document import Table

MP1041 = Code(
    "MP1041",
    "Column given twice",
    "The header row names a column twice, so one of the two cells of every row would be lost.",
    "name,station,name",
)
MP1042 = Code(
    "MP1042",
    "Column without a name",
    "Every column has a name in the header row; `label:` and `value:` need the name of the label or value behind them.",
    "name,,profile",
)
MP1043 = Code(
    "MP1043",
    "Row with too many or too few cells",
    "A row has as many cells as the header row. A comma inside of a cell needs quotes around the cell.",
    "name,title\ngd-s1,Changtan, north",
)
MP1044 = Code(
    "MP1044",
    "Broken quoting",
    "A quoted cell starts and ends with a double quote; a double quote inside of it is written twice.",
    'name,title\ngd-s1,"Changtan',
)
MP1045 = Code(
    "MP1045",
    "No header row",
    "The first row of a CSV file names its columns, separated by commas.",
    "name;station;profile   # separated by semicolons",
)

SPLIT = ("roles", "owners")
"""Columns that hold several words."""
FOLDED = {"label": "labels", "value": "values"}
"""``label:KEY`` -> ``labels``."""
HEADER_HINT = "start with a line such as name,station,profile"
SHOWN = 20
"""Faulty rows of one file that are reported one by one."""

_Row = dict[str, Any]
_Column = tuple[int, str]
_Picker = Callable[[list[str]], tuple[str, ...]]
_Fold = tuple[str, list[str], _Picker, dict[tuple[str, ...], dict[str, str]]]
"""``labels`` or ``values``: its name, its keys, where their cells are, and the mappings made so far."""


def read_csv(root: Path, path: str, text: str, sink: Sink) -> Table | None:
    """The table, or None if its header or its quoting is broken. A row of the wrong width is reported and left out."""
    reader = _Reader(text, path, sink)
    try:
        header = reader.header()
        if header is None:
            return None
        starts, rows = reader.rows(header)
    except csv.Error as error:
        span = Span(path, reader.line, 1, reader.line, 2)
        sink.report(
            MP1044, f"broken quoting in this row: {error}", span, hint='inside of a quoted cell write " twice'
        )
        return None
    return Table(path, header, rows, CsvPlaces(root, path, header, starts))


class _Reader:
    """csv.reader, and the line on which the row that it is reading starts."""

    def __init__(self, text: str, path: str, sink: Sink) -> None:
        self._reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        self._first_line, self._path, self._sink = text.partition("\n")[0].rstrip("\r"), path, sink
        self.line = 1

    def header(self) -> tuple[str, ...] | None:
        names = tuple(next(self._reader, ()))
        whole = Span(self._path, 1, 1, 1, max(2, len(self._first_line) + 1))
        if not any(names):
            self._sink.report(MP1045, "the first line does not name columns", whole, hint=HEADER_HINT)
            return None
        if len(names) == 1 and (mark := next((m for m in ";\t|" if m in names[0]), None)):
            shown = "a tab" if mark == "\t" else mark
            self._sink.report(
                MP1045, f"columns are separated by {shown}", whole, hint="separate them with commas"
            )
            return None
        faults = len(self._sink)
        for index, name in enumerate(names):
            self._check_name(names, index, name)
        return names if len(self._sink) == faults else None

    def _check_name(self, names: tuple[str, ...], index: int, name: str) -> None:
        if not name.strip() or (name[-1] == ":" and name[:-1] in FOLDED):
            shown = f'column {index + 1} ("{name}") lacks a name'
            self._sink.report(
                MP1042, shown, cell_span(self._path, self._first_line, index), hint="name it or remove it"
            )
        elif (first := names.index(name)) < index:
            span = cell_span(self._path, self._first_line, index)
            related = (Related("first named here", cell_span(self._path, self._first_line, first)),)
            self._sink.report(
                MP1041, f'the column "{name}" is given twice', span, hint="keep one", related=related
            )

    def rows(self, header: tuple[str, ...]) -> tuple[array[int], list[_Row]]:
        """The rows of the right width, and the line on which each starts."""
        reader, width, build = self._reader, len(header), _row_builder(header)
        starts, rows = array("L"), []
        faulty: list[tuple[int, int]] = []
        self.line = reader.line_num + 1
        for cells in reader:
            if len(cells) == width:
                starts.append(self.line)
                rows.append(build(cells))
            elif cells:
                faulty.append((self.line, len(cells)))
            self.line = reader.line_num + 1
        self._report_width(faulty, width)
        return starts, rows

    def _report_width(self, faulty: list[tuple[int, int]], width: int) -> None:
        for line, cells in faulty[:SHOWN]:
            span = Span(self._path, line, 1, line, 2)
            hint = (
                "put quotes around a cell that holds a comma"
                if cells > width
                else "an empty cell still needs its comma"
            )
            self._sink.report(
                MP1043, f"this row has {cells} cells and the header has {width}", span, hint=hint
            )
        if len(faulty) > SHOWN:
            line, _ = faulty[SHOWN]
            message = f"{len(faulty) - SHOWN} more rows from here on do not have {width} cells"
            self._sink.report(MP1043, message, Span(self._path, line, 1, line, 2))


def _row_builder(header: tuple[str, ...]) -> Callable[[list[str]], _Row]:
    """A function from cells to a row, with the header's decisions made once.

    Few different texts stand in columns of roles and labels, so their lists and mappings are made once and shared.
    ``zip`` goes without ``strict``: widths were checked, and the argument costs a tenth of the time.
    """
    plain, split, folded = _sort_columns(header)
    names, pick = [name for _, name in plain], _picker([index for index, _ in plain])
    folds: list[_Fold] = [
        (name, [k for _, k in keys], _picker([i for i, _ in keys]), {}) for name, keys in folded.items()
    ]
    words: dict[str, list[str]] = {}

    def build(cells: list[str]) -> _Row:
        row: _Row = {name: cell for name, cell in zip(names, pick(cells)) if cell}  # noqa: B905
        for index, name in split:
            if text := cells[index]:
                row[name] = words.get(text) or words.setdefault(text, text.split())
        for name, keys, pick_entries, known in folds:
            entries = pick_entries(cells)
            if (found := known.get(entries)) is None:
                found = known[entries] = {k: cell for k, cell in zip(keys, entries) if cell}  # noqa: B905
            if found:
                row[name] = found
        return row

    return build


def _sort_columns(header: tuple[str, ...]) -> tuple[list[_Column], list[_Column], dict[str, list[_Column]]]:
    """Plain columns, columns of words, and folded columns with their keys; each with its index."""
    plain: list[_Column] = []
    split: list[_Column] = []
    folded: dict[str, list[_Column]] = {}
    for index, name in enumerate(header):
        prefix, colon, key = name.partition(":")
        if colon and prefix in FOLDED:
            folded.setdefault(FOLDED[prefix], []).append((index, key))
        else:
            (split if name in SPLIT else plain).append((index, name))
    return plain, split, folded


def _picker(indexes: list[int]) -> _Picker:
    """``itemgetter``, which gives no tuple for a single index and takes no empty list."""
    if len(indexes) > 1:
        return itemgetter(*indexes)
    return lambda cells: tuple(cells[index] for index in indexes)
