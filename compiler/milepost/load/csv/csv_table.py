"""CSV tables: RFC 4180 with commas, semicolons or tabs, a header row, UTF-8.

Cells stay text. Empty cells are left out of their row. ``label:KEY`` and ``value:NAME`` columns become entries of
``labels`` and ``values``; ``roles`` and ``owners`` are split at white space. Which columns there may be is for validate.
There are no comments in CSV: a line that starts with ``#`` is a row like any other.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator
from pathlib import Path

from milepost.diagnostics import Code, Related, Sink, Span
from milepost.load.csv.column_names import LEFT_OUT, ColumnNames
from milepost.load.csv.csv_rows import FOLDED, CsvRows
from milepost.load.csv.csv_source_map import CsvSourceMap, cell_span
from milepost.load.quote import quote
from milepost.model.document import InventoryTable

MP1041 = Code(
    "MP1041",
    "duplicate column",
    "The header row names a column twice, so one of the two cells of every row would be lost.",
    "name,station,name",
)
MP1042 = Code(
    "MP1042",
    "column without a name",
    "Every column that holds something has a name in the header row; `label:` and `value:` need the name of the label or "
    "value behind them. Columns with neither a name nor a cell, and rows without a cell, are nothing: spreadsheets save "
    "them from around a table.",
    "name,,profile\ngd-s1,x,box",
)
MP1043 = Code(
    "MP1043",
    "wrong number of cells in a row",
    "A row has as many cells as the header row. A comma inside of a cell needs quotes around the cell.",
    "name,title\ngd-s1,Changtan, north",
)
MP1044 = Code(
    "MP1044",
    "invalid CSV quoting",
    "A quoted cell starts and ends with a double quote; a double quote inside of it is written twice.",
    'name,title\ngd-s1,"Changtan',
)
MP1045 = Code(
    "MP1045",
    "missing header row",
    "The first row of a CSV file names its columns, separated by commas, or all by semicolons or tabs, as spreadsheets "
    "save them.",
    "name|station|profile   # separated by bars",
)

MP1046 = Code(
    "MP1046",
    "column cannot hold a map",
    "A cell of CSV holds one text. Labels and values have a column each: `label:KEY` and `value:NAME`.",
    "name,labels\ngd-s1,rack=7",
)

_HEADER_HINT = "start with a line such as name,station,profile"
SHOWN = 20
"""Faulty rows of one file that are reported one by one."""


def read_csv(root: Path, path: str, text: str, names: ColumnNames, sink: Sink) -> InventoryTable | None:
    """The table, or None if its header or its quoting is broken. A row of the wrong width is reported and left out.

    ``names`` says what columns are called here that have other names in the file; places are those of the file.
    """
    reader = _Reader(text, path, names, sink)
    try:
        header = reader.header()
        if header is None:
            return None
        starts, cells = reader.rows(header)
        columns = reader.named(header, cells)
    except csv.Error as error:
        span = Span(path, reader.line, 1, reader.line, 2)
        if "field larger" in str(error):
            message, hint = (
                f"a cell of more than {csv.field_size_limit():,} characters",
                "is a quote left open?",
            )
        else:
            message, hint = f"broken quoting in this row: {error}", 'inside of a quoted cell write " twice'
        sink.report(MP1044, message, span, hint=hint)
        return None
    if columns is None:
        return None
    return InventoryTable(
        path, columns, CsvRows(header, cells), CsvSourceMap(root, path, header, starts, reader.mark)
    )


def _mark(line: str) -> str:
    """What separates cells, told by the header: a spreadsheet writes what is usual in its country."""
    # A comma in the header decides: a semicolon may stand within a title, but no column name
    # has a comma.
    return next((mark for mark in ";\t" if mark in line and "," not in line), ",")


def _read(text: str, mark: str) -> Iterator[tuple[list[str], int]]:
    """The cells of each row, none for an empty line, and the line on which the next one starts.

    Where nothing is quoted a mark is always the end of a cell, and a line that of a row. Python's reader refuses a cell
    of more than 128 KiB, so lines that may hold one are left to it as well.
    """
    lines = text.splitlines()
    # `str.split` is faster than `csv.reader`, and most exports quote nothing.
    if '"' not in text and max(map(len, lines), default=0) <= csv.field_size_limit():
        for number, line in enumerate(lines, 2):
            yield line.split(mark) if line else [], number
    else:
        reader = csv.reader(text.splitlines(keepends=True), delimiter=mark, strict=True)
        for cells in reader:
            yield cells, reader.line_num + 1


class _Reader:
    """The rows, and the line on which the one that is being read starts."""

    def __init__(self, text: str, path: str, names: ColumnNames, sink: Sink) -> None:
        self._first_line, self._path, self._sink = text.partition("\n")[0].rstrip("\r"), path, sink
        self._names, self.line, self.mark = names, 1, _mark(self._first_line)
        self._rows = _read(text, self.mark)

    def header(self) -> tuple[str, ...] | None:
        cells, self.line = next(self._rows, ([], 1))
        names = tuple([self._names.of(name) for name in cells])
        whole = Span(self._path, 1, 1, 1, max(2, len(self._first_line) + 1))
        if not any(names):
            self._sink.report(MP1045, "the first line does not name columns", whole, hint=_HEADER_HINT)
            return None
        # Marks of a Chinese input method look like commas, and the file would otherwise be one
        # unknown column.
        if len(names) == 1 and (mark := next((m for m in "|，；、" if m in names[0]), None)):
            self._sink.report(
                MP1045, f"columns are separated by {mark}", whole, hint="separate them with commas"
            )
            return None
        faults = len(self._sink)
        for index, name in enumerate(names):
            self._check_name(names, index, name)
        return names if len(self._sink) == faults else None

    def _check_name(self, names: tuple[str, ...], index: int, name: str) -> None:
        span = cell_span(self._path, self._first_line, index, self.mark)
        # Spreadsheets save empty columns to the right of a table. Whether it holds anything is
        # known when the rows have been read.
        if not name.strip():
            return  # of a column that may be empty altogether
        if name[-1] == ":" and name[:-1] in FOLDED:
            self._lacks_name(index, name)
        elif name in FOLDED.values():
            hint = f"give each its own column, such as {name[:-1]}:rack"
            self._sink.report(MP1046, f'a column "{name}" cannot hold several of them', span, hint=hint)
        elif (first := names.index(name)) < index:
            message = f'the column "{quote(name)}" is given twice'
            related = (
                Related("first named here", cell_span(self._path, self._first_line, first, self.mark)),
            )
            self._sink.report(MP1041, message, span, hint="keep one of the two", related=related)

    def _lacks_name(self, index: int, name: str) -> None:
        message = f'column {index + 1} ("{quote(name)}") lacks a name'
        span = cell_span(self._path, self._first_line, index, self.mark)
        self._sink.report(MP1042, message, span, hint="name it or remove it")

    def named(self, header: tuple[str, ...], rows: list[list[str]]) -> tuple[str, ...] | None:
        """The names of ``header``, or None where a column without one holds something."""
        faults = len(self._sink)
        for index, name in enumerate(header):
            if name != LEFT_OUT and not name.strip() and any(cells[index] for cells in rows):
                self._lacks_name(index, name)
        return tuple([name for name in header if name.strip()]) if len(self._sink) == faults else None

    def rows(self, header: tuple[str, ...]) -> tuple[array[int], list[list[str]]]:
        """The cells of each row of the right width that has any, and the line on which each starts."""
        width, starts, rows = len(header), array("L"), []
        faulty: list[tuple[int, int]] = []
        for cells, following in self._rows:
            # Spreadsheets save empty rows below a table as well.
            if not any(cells):
                pass
            elif len(cells) == width:
                starts.append(self.line)
                rows.append(cells)
            else:
                faulty.append((self.line, len(cells)))
            self.line = following
        self._report_width(faulty, width)
        return starts, rows

    def _report_width(self, faulty: list[tuple[int, int]], width: int) -> None:
        # A comma too many in the header makes every row faulty: twenty show what is wrong,
        # 100,000 hide it.
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
