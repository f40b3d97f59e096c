"""Source map of a CSV file: rows and columns to spans. Reads the file again at the first question."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from milepost.diagnostics import Span

_CELLS = {mark: re.compile(rf'("(?:[^"]|"")*"|[^{mark}\n]*)({mark}|\n|$)') for mark in (",", ";", "\t")}
"""By what separates them."""


def cell_span(path: str, line: str, index: int, mark: str = ",") -> Span:
    """The place of a cell in the header line; ``mark`` separates cells."""
    return _Snippet(path, line, 1, mark).cell(index)


class CsvSourceMap:
    """``model.document.RowSourceMap`` of a CSV file. A row that is out of range is answered by the header."""

    __slots__ = ("_columns", "_lines", "_mark", "_path", "_root", "_starts")

    def __init__(
        self, root: Path, path: str, columns: tuple[str, ...], starts: array[int], mark: str = ","
    ) -> None:
        self._root, self._path, self._columns, self._starts, self._mark = root, path, columns, starts, mark
        self._lines: list[str] | None = None

    def __reduce__(self) -> tuple[type[CsvSourceMap], tuple[Path, str, tuple[str, ...], array[int], str]]:
        """To another process goes what is needed to read the file again."""
        # The lines stay behind: a worker process that meets no fault never needs them.
        return CsvSourceMap, (self._root, self._path, self._columns, self._starts, self._mark)

    def cell(self, row: int, column: str | None) -> Span:
        if not 0 <= row < len(self._starts):
            return self.header(column)
        first = self._starts[row]
        last = self._starts[row + 1] if row + 1 < len(self._starts) else None
        return self._answer(first, last, column)

    def header(self, column: str | None) -> Span:
        return self._answer(1, self._starts[0] if self._starts else None, column)

    def _answer(self, first: int, last: int | None, column: str | None) -> Span:
        lines = self._text_lines()[first - 1 : last - 1 if last else None]
        snippet = _Snippet(self._path, "\n".join(lines), first, self._mark)
        index = self._index(column)
        return snippet.row(len(self._columns)) if index is None else snippet.cell(index)

    def _index(self, column: str | None) -> int | None:
        """``labels`` is answered by the first ``label:`` column, as the row has it so."""
        if column in self._columns:
            return self._columns.index(column)
        prefix = {"labels": "label:", "values": "value:"}.get(column or "")
        return next((i for i, c in enumerate(self._columns) if prefix and c.startswith(prefix)), None)

    def _text_lines(self) -> list[str]:
        if self._lines is None:
            try:
                # Read again and not kept: places are asked for only where something is wrong,
                # and a national inventory is tens of MB of text.
                text = (self._root / self._path).read_bytes().decode("utf-8-sig", errors="replace")
            except OSError:
                text = ""
            self._lines = text.replace("\r\n", "\n").split("\n")
        return self._lines


class _Snippet:
    """The text from the start of a row on, and the number of its first line."""

    def __init__(self, path: str, text: str, line: int, mark: str) -> None:
        self._path, self._text, self._line, self._mark = path, text.replace("\r", ""), line, mark

    def cell(self, index: int) -> Span:
        start, end = self._cell(index)
        # An empty cell has no character to underline, so the mark behind it, or the character
        # before it, is shown.
        if start == end:
            start, end = (
                (start, end + 1)
                if self._text[start : start + 1] == self._mark
                else (max(start - 1, 0), max(end, 1))
            )
        return self._span(start, end)

    def row(self, width: int) -> Span:
        return self._span(0, max(self._cell(width - 1)[1], 1))

    def _cell(self, index: int) -> tuple[int, int]:
        """Offsets of a cell; of the last one if the row is shorter."""
        cells = list(islice(self._cells(), index + 1))
        return cells[-1] if cells else (0, 0)

    def _cells(self) -> Iterator[tuple[int, int]]:
        for match in _CELLS[self._mark].finditer(self._text):
            yield match.span(1)
            if match[2] != self._mark:
                return

    def _span(self, start: int, end: int) -> Span:
        line, column = self._point(start)
        end_line, end_column = self._point(end)
        return Span(self._path, line, column, end_line, end_column)

    def _point(self, offset: int) -> tuple[int, int]:
        before = self._text[:offset]
        return self._line + before.count("\n"), offset - (before.rfind("\n") + 1) + 1
