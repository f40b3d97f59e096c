"""CSV rows: cells to columns, quickly. There are 100,000 nodes, and few different texts in most columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from functools import partial
from itertools import repeat
from typing import Any, TypeVar

from milepost.model.row_record import several
from milepost.model.spec import ROWS

H = TypeVar("H", bound=Hashable)
SPLIT = frozenset(name for model in ROWS for name in several(model))
"""Columns that hold several words."""
FOLDED = {"label": "labels", "value": "values"}
"""``label:KEY`` -> ``labels``."""


class CsvRows:
    """``model.document.TableRows`` of a CSV file. Equal lists of words and equal mappings are made once and shared."""

    __slots__ = ("_columns", "_count")

    def __init__(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self._count = len(rows)
        self._columns = _columns(header, rows)

    @property
    def fields(self) -> Collection[str]:
        return self._columns.keys()

    def column(self, field: str, absent: Any) -> Sequence[Any]:
        return self._columns[field].filled(absent) if field in self._columns else [absent] * self._count

    def different(self, field: str) -> Collection[Any]:
        return self._columns[field].different() if field in self._columns else ()

    def complete(self, field: str) -> bool:
        return field in self._columns and self._columns[field].complete

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(self.__getitem__, range(self._count))

    def __getitem__(self, index: int) -> dict[str, Any]:
        cells = {field: column[index] for field, column in self._columns.items()}
        return {field: cell for field, cell in cells.items() if cell is not None}


class _Texts:
    """Cells that mean what they say."""

    __slots__ = ("_cells", "_different", "complete")

    def __init__(self, cells: Sequence[str]) -> None:
        self._cells, self._different = cells, set(cells)
        # Known once for a column, so that a full one is handed on as it is, without a copy.
        self.complete = "" not in self._different
        self._different.discard("")

    def different(self) -> Collection[str]:
        return self._different

    def filled(self, absent: Any) -> Sequence[Any]:
        return self._cells if self.complete else [cell or absent for cell in self._cells]

    def __getitem__(self, index: int) -> str | None:
        return self._cells[index] or None


class _Folded:
    """Cells, or the cells of several columns, that become one list or mapping."""

    __slots__ = ("_cells", "_empty", "_meanings", "complete")

    def __init__(self, cells: Sequence[H], empty: H, meaning: Callable[[H], Any]) -> None:
        self._cells, self._empty = cells, empty
        different = set(cells)
        self.complete = empty not in different
        self._meanings = {cell: meaning(cell) for cell in different - {empty}}

    def different(self) -> Collection[Any]:
        return self._meanings.values()

    def filled(self, absent: Any) -> Sequence[Any]:
        return list(map({**self._meanings, self._empty: absent}.__getitem__, self._cells))

    def __getitem__(self, index: int) -> Any:
        return self._meanings.get(self._cells[index])


def _columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, _Texts | _Folded]:
    """By field; ``label:KEY`` columns are one, and so are ``value:NAME`` columns."""
    found: dict[str, _Texts | _Folded] = {}
    several: dict[str, dict[str, Sequence[str]]] = {}
    # By columns from here on: `zip` turns 100,000 rows in C, and equal texts of a column are
    # then looked at once (ADR 0017).
    for name, cells in zip(header, zip(*rows, strict=True) if rows else repeat(()), strict=False):
        prefix, colon, key = name.partition(":")
        if colon and prefix in FOLDED:
            several.setdefault(FOLDED[prefix], {})[key] = cells
        elif name.strip():
            # One list for each different text. A list for every row would be 100,000 objects,
            # and sharing lets later stages compare by identity.
            found[name] = _Folded(cells, "", str.split) if name in SPLIT else _Texts(cells)
    for name, columns in several.items():
        entries, empty = list(zip(*columns.values(), strict=True)), ("",) * len(columns)
        found[name] = _Folded(entries, empty, partial(_mapping, tuple(columns)))
    return found


def _mapping(keys: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {key: cell for key, cell in zip(keys, cells, strict=True) if cell}
