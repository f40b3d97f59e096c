"""YAML tables: a list of mappings, the slower twin of CSV, with typed values.

The file is read and outlined again when somebody asks for a place; until then a row costs its values and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from milepost.diagnostics import Code, Sink, Span
from milepost.load.yaml.construct import construct
from milepost.load.yaml.outline import YamlOutline, YamlSourceMap
from milepost.model.document import InventoryTable
from milepost.model.document import Path as DataPath

MP1047 = Code(
    "MP1047",
    "inventory is not a list",
    "A YAML inventory file holds one document: a list with one mapping per station or node.",
    "gd-s1:\n  type: gantry",
)
MP1048 = Code(
    "MP1048",
    "row is not a mapping",
    "Each item of a YAML inventory is a mapping with a key per column.",
    "- gd-s1\n- gd-s2",
)


def read_yaml(root: Path, path: str, text: str, sink: Sink) -> InventoryTable | None:
    """The table, or None if the file is no list. Its columns are the keys of all rows, in order of appearance."""
    faults = len(sink)
    documents = construct(text, path, sink)
    if not documents and len(sink) > faults:
        return None
    value = documents[0] if documents else []
    places = YamlSourceMap(YamlOutline(text, path), 0)
    if len(documents) > 1:
        sink.report(
            MP1047, "an inventory file holds one list", YamlSourceMap(YamlOutline(text, path), 1).value(())
        )
    if not isinstance(value, list | None):
        sink.report(
            MP1047,
            "an inventory file must be a list",
            places.value(()),
            hint="write each row as `- name: ...`",
        )
        return None
    numbers = [number for number, row in enumerate(value or ()) if isinstance(row, dict)]
    _report_others(value or [], places, sink)
    rows = [value[number] for number in numbers] if value else []
    # In order of appearance, from all rows: the first one may leave keys out.
    columns = tuple(dict.fromkeys(chain.from_iterable(rows)))
    return InventoryTable(path, columns, YamlRows(columns, rows), YamlRowSourceMap(root, path, numbers))


def _report_others(items: Sequence[object], places: YamlSourceMap, sink: Sink) -> None:
    for number, item in enumerate(items):
        if not isinstance(item, dict):
            sink.report(
                MP1048, "this row is not a mapping", places.value((number,)), hint="write it as `- name: ...`"
            )


class YamlRows:
    """``model.document.TableRows`` of a YAML list."""

    __slots__ = ("_rows", "fields")

    def __init__(self, fields: Collection[str], rows: Sequence[Mapping[str, Any]]) -> None:
        self.fields, self._rows = fields, rows

    def column(self, field: str, absent: Any) -> list[Any]:
        return [row.get(field, absent) for row in self._rows]

    def different(self, field: str) -> list[Any]:
        return [row[field] for row in self._rows if field in row]

    def complete(self, field: str) -> bool:
        return all(field in row for row in self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self._rows)

    def __getitem__(self, index: int) -> Mapping[str, Any]:
        return self._rows[index]


class YamlRowSourceMap:
    """``model.document.RowSourceMap`` of a YAML list; ``label:KEY`` is the entry ``KEY`` of ``labels``, as in CSV."""

    __slots__ = ("_numbers", "_path", "_places", "_root")

    def __init__(self, root: Path, path: str, numbers: Sequence[int]) -> None:
        self._root, self._path, self._numbers = root, path, numbers
        self._places: YamlSourceMap | None = None

    def cell(self, row: int, column: str | None) -> Span:
        if not 0 <= row < len(self._numbers):
            return self._known().value(())
        return self._known().value((self._numbers[row], *_steps(column)))

    def header(self, column: str | None) -> Span:
        """There is no header row: the first row answers with its key."""
        number = self._numbers[0] if self._numbers else 0
        return self._known().key((number, *_steps(column)))

    def _known(self) -> YamlSourceMap:
        if self._places is None:
            try:
                text = (self._root / self._path).read_bytes().decode("utf-8-sig", errors="replace")
            except OSError:
                text = ""
            self._places = YamlSourceMap(YamlOutline(text, self._path), 0)
        return self._places


def _steps(column: str | None) -> DataPath:
    if column is None:
        return ()
    prefix, colon, key = column.partition(":")
    folded = {"label": "labels", "value": "values"}.get(prefix) if colon else None
    return (folded, key) if folded else (column,)
