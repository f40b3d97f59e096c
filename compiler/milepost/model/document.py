"""Documents and tables as loaded, and the way from a data path to a place in a file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any, Protocol

from milepost.diagnostics import Span
from milepost.model.digest import combined
from milepost.model.record import by_value, record

Path = tuple[str | int, ...]

LOCK = "images.lock.yaml"
"""The lock file, at the root of the fleet spec; ``SpecSource.manifests`` holds it as a Document under this name."""


class SourceMap(Protocol):
    """Turns data paths into spans. A path that is not in the file is answered by its deepest known ancestor."""

    def value(self, path: Path) -> Span: ...

    def key(self, path: Path) -> Span: ...

    def text(self, path: Path) -> str:
        """A plain scalar as it was typed: ``706798e8`` is read as a number. Empty for everything else."""
        ...


@record
class SpecDocument:
    """One ``apiVersion/kind/metadata/spec`` document. ``value`` holds plain Python values only."""

    path: str
    value: Mapping[str, Any]
    places: SourceMap

    @property
    def kind(self) -> str:
        """``kind:``, or ``""`` where it is missing or not text."""
        return _text(self.value.get("kind"))

    @property
    def name(self) -> str:
        """``metadata.name:``, or ``""`` where it is missing or not text."""
        metadata = self.value.get("metadata")
        return _text(metadata.get("name")) if isinstance(metadata, Mapping) else ""

    def span(self, *path: str | int) -> Span:
        """The place of a value."""
        return self.places.value(path)

    def key_span(self, *path: str | int) -> Span:
        """The place of the key that holds a value: for an unknown key, or a value that is empty."""
        return self.places.key(path)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


class RowSourceMap(Protocol):
    """Places of a table's cells, worked out when somebody asks.

    A column is named as in the header (``label:rack``), also for a YAML list; ``labels`` and ``values`` name the first
    of their columns. None is the whole row. What is not there is answered by the row, or by the header.
    """

    def cell(self, row: int, column: str | None) -> Span: ...

    def header(self, column: str | None) -> Span: ...


class TableRows(Protocol):
    """Rows of a table, each a mapping of field to text or YAML value; or, much quicker, the columns.

    Rows may share what is in them: never change one.
    """

    @property
    def fields(self) -> Collection[str]: ...

    def column(self, field: str, absent: Any) -> Sequence[Any]:
        """What stands there in each row; ``absent`` where nothing does."""

    def different(self, field: str) -> Collection[Any]:
        """What stands there in any row; what is equal may be given once."""

    def complete(self, field: str) -> bool:
        """Whether something stands there in every row."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Mapping[str, Any]]: ...

    def __getitem__(self, index: int) -> Mapping[str, Any]: ...


@record
class InventoryTable:
    """Rows of an inventory file: CSV, or a YAML list.

    In rows of CSV empty cells are left out, ``label:KEY`` and ``value:NAME`` cells are entries of ``labels`` and
    ``values`` (as text), and ``roles`` and ``owners`` are lists. ``columns`` are the header as written; of a YAML list
    the keys of all rows.
    """

    path: str
    columns: tuple[str, ...]
    rows: TableRows
    places: RowSourceMap

    def span(self, row: int, column: str | None = None) -> Span:
        """The place of a cell, or of a whole row; ``row`` counts from 0."""
        return self.places.cell(row, column)


@by_value
class TextFile:
    """A file that a document names as it stands: a template."""

    path: str
    text: str


@record
class ProvinceSource:
    """What one province adds to the shared documents. The grain of processes and of caching.

    ``digests`` are those of the files that were read for it, by path.
    """

    name: str
    document: SpecDocument
    stations: tuple[InventoryTable, ...]
    nodes: tuple[InventoryTable, ...]
    addresses: tuple[InventoryTable, ...]
    devices: tuple[InventoryTable, ...]
    digests: Mapping[str, str]


@record
class SpecSource:
    """A fleet spec as read: every document, and the files that documents name (by their path in the spec).

    ``files`` are templates; ``manifests`` are what components start ``from``, as kubectl reads them, and the lock file.
    ``digests`` are those of all of these files, by path, as they were read; inventory is not among them. ``seen`` has
    whatever else was read, to see whether it counts.
    """

    root: str
    documents: tuple[SpecDocument, ...]
    files: Mapping[str, TextFile] = field(default_factory=dict)
    manifests: Mapping[str, tuple[SpecDocument, ...]] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """One digest of all files that count."""
        return combined(self.digests)
