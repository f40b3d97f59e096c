"""Spreadsheet damage: cells of titles and values that a spreadsheet or an input method has changed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from milepost.diagnostics import Code, Severity, Sink
from milepost.diagnostics.wording import and_more
from milepost.model.document import InventoryTable
from milepost.model.parsed import NodeTable, ParsedSpec, StationTable

MP2023 = Code(
    "MP2023",
    "cell that a spreadsheet may have changed",
    "Spreadsheets shorten long numbers to `4.30042E+17`, and their last digits are lost in the file. Spaces around a text, "
    "among them those that do not break a line, and digits and commas in full width look right and are not equal to what "
    "is meant. All of these are kept as they stand.",
    "name,group,type,value:gantry_id\nyueyang,hn-g4,toll-station,4.30042E+17\n",
    Severity.WARNING,
)
_SHORTENED = re.compile(r"[-+]?[0-9](\.[0-9]+)?[eE]\+[0-9]{1,3}")
_FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff0c\uff0e]")
"""Digits, letters, comma and point."""
_WIDE = re.compile(_FULL_WIDTH.pattern[:-1] + "\u00a0\u2000-\u200a\u202f\u3000]")
"""The same, and spaces that are none of ASCII."""
_CODE = re.compile(r"[\x21-\x7e\uff01-\uff5e]+")
"""Without any letter of Chinese: in a sentence full-width marks are right."""


def check_rows(
    stations: Sequence[StationTable], nodes: Sequence[NodeTable], spec: ParsedSpec, sink: Sink
) -> None:
    tables: tuple[StationTable | NodeTable, ...] = (*stations, *nodes)
    for table in tables:
        if table.rows:  # those of the wrong shape are none
            _check(table.table, sink)


def _check(table: InventoryTable, sink: Sink) -> None:
    cells = [cell for mapping in table.rows.different("values") for cell in mapping.values()]
    cells += table.rows.different("title")
    # All cells as one text: hardly ever one is odd, and a look at each of 100,000 would be
    # slower than reading the file.
    if not _may_be_odd("\n".join([cell for cell in cells if isinstance(cell, str)])):
        return
    found: dict[tuple[str, str], list[tuple[str, int, str]]] = {}
    for index, row in enumerate(table.rows):
        for column, cell in _cells(row):
            if odd := _odd(cell):
                found.setdefault((column, odd[0]), []).append((cell, index, odd[1]))
    for (column, why), places in found.items():
        cell, index, hint = places[0]
        more = and_more(len(places) - 1, "cell")
        sink.report(MP2023, f'"{cell}"{more} {why}', table.span(index, column), hint=hint)


def _may_be_odd(text: str) -> bool:
    """Whether any of these cells, one per line, can be suspicious. One search over all of them, since hardly any cell is."""
    marks = ("E+", "e+", " \n", "\n ", "\t")
    around = text != text.strip()
    return (
        around
        or any(mark in text for mark in marks)
        or (not text.isascii() and _WIDE.search(text) is not None)
    )


def _cells(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if "title" in row:
        yield "title", row["title"]
    for name, cell in row.get("values", {}).items():
        yield f"value:{name}", cell


def _odd(cell: Any) -> tuple[str, str] | None:
    """What is odd about a cell, and what to do."""
    if not isinstance(cell, str):
        return None
    if _SHORTENED.fullmatch(cell):
        return (
            "looks like a number that a spreadsheet shortened",
            "format the column as text and fill it again",
        )
    if cell != cell.strip():
        return "has spaces around it", f'write "{cell.strip()}"'
    if "\u00a0" in cell:
        return "has a space that does not break a line", "write a plain space"
    if _FULL_WIDTH.search(cell) and _CODE.fullmatch(cell):
        return "is written in full width", f'write "{unicodedata.normalize("NFKC", cell)}"'
    return None
