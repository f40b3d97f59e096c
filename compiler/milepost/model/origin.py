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
    """An inherited value, the level that set it, and the place where it stands: a key or column of ``source``.

    Nodes that set the same have one setting for it, which has no source: it stands in the row of each.
    """

    value: Any
    level: str
    source: Origin | None
    key: str

    def origin(self, holder: Origin) -> Origin:
        """The place; ``holder`` is the row of the node, or the origin of what else has the setting."""
        return (self.source or holder).of(self.key)
