"""Names of columns as the asset database has them: ``columns`` of a Province says which of ours each is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code, Severity, Sink
from milepost.model.document import SpecDocument

MP1050 = Code(
    "MP1050",
    "column that no table has",
    "`columns` of a Province maps names of columns in its CSV files to those that Milepost knows. A name that stands in none "
    "of the files maps nothing: most likely it is spelled otherwise there.",
    "kind: Province\nspec:\n  stations: [stations.csv]\n  columns: {stations: {Staion: name}}\n",
    Severity.WARNING,
)
LEFT_OUT = "\x1f"
"""Instead of a name: the column is not read. White space, as of a column without a name, that no file may hold."""


class ColumnNames:
    """The names of one sort of table of a province, and which of them were met."""

    def __init__(self, document: SpecDocument | None, table: str) -> None:
        self._document, self._table = document, table
        self._known = dict(_names(document.value, table)) if document else {}
        self._met: set[str] = set()

    def of(self, name: str) -> str:
        """What the column that the file calls ``name`` is called here."""
        self._met.add(name)
        return self._known.get(name, name)

    def report(self, sink: Sink) -> None:
        """Names that no file has, where every file could be read."""
        unmet = [] if sink.failed else [name for name in self._known if name not in self._met]
        for name in unmet:
            if self._document is not None:
                place = self._document.key_span("spec", "columns", self._table, name)
                message = f'no table of {self._table} has a column "{name}"'
                sink.report(MP1050, message, place, hint="write it as the first line of the file does")


def _names(value: Mapping[str, Any], table: str) -> Iterator[tuple[str, str]]:
    """What is no name is left for validate to refuse."""
    for step in ("spec", "columns", table):
        value = value.get(step) if isinstance(value, Mapping) else None  # type: ignore[assignment]
    for name, own in value.items() if isinstance(value, Mapping) else ():
        if isinstance(name, str) and isinstance(own, str | None):
            yield name, LEFT_OUT if own is None else own
