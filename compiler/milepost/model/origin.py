"""Where a value came from. The same chain feeds ``milepost explain`` and a message found late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from milepost.diagnostics import Span
from milepost.model.document import Document, Path, Table
from milepost.model.record import record


@dataclass(frozen=True, slots=True, eq=False)
class At:
    """A place in a document, turned into a span only when somebody asks."""

    document: Document
    path: Path = ()

    @property
    def span(self) -> Span:
        return self.document.span(*self.path)

    @property
    def key_span(self) -> Span:
        return self.document.key_span(*self.path)

    def of(self, *path: str | int) -> At:
        return At(self.document, (*self.path, *path))


@record
class Row:
    """A row of a table, or one of its cells."""

    table: Table
    index: int
    column: str | None = None

    @property
    def span(self) -> Span:
        return self.table.span(self.index, self.column)

    @property
    def key_span(self) -> Span:
        return self.table.places.header(self.column)

    def of(self, column: str) -> Row:
        return Row(self.table, self.index, column)


Origin = At | Row


@record
class Setting:
    """An inherited value, the level that set it and the place where it stands."""

    value: Any
    level: str
    origin: Origin
