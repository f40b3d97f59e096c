"""Origins: where a value came from. The same chain feeds ``milepost explain`` and a message found late."""

from __future__ import annotations

from typing import Any

from milepost.diagnostics import Span
from milepost.model.document import InventoryTable, Path, SpecDocument
from milepost.model.record import record


@record
class DocumentOrigin:
    """A place in a document, turned into a span only when somebody asks."""

    document: SpecDocument
    path: Path = ()

    @property
    def span(self) -> Span:
        return self.document.span(*self.path)

    @property
    def key_span(self) -> Span:
        return self.document.key_span(*self.path)

    def of(self, *path: str | int) -> DocumentOrigin:
        return DocumentOrigin(self.document, (*self.path, *path))


@record
class RowOrigin:
    """A row of a table, or one of its cells."""

    table: InventoryTable
    index: int
    column: str | None = None

    @property
    def span(self) -> Span:
        return self.table.span(self.index, self.column)

    @property
    def key_span(self) -> Span:
        return self.table.places.header(self.column)

    def of(self, column: str) -> RowOrigin:
        return RowOrigin(self.table, self.index, column)


Origin = DocumentOrigin | RowOrigin
Scalar = str | int | float | bool
"""A value of a template: text, a number, `true` or `false`."""


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
