"""The query database: the tables of a compiled fleet as a DuckDB file, made once and kept while the spec is unchanged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from milepost import pipeline
from milepost.cache.cached_file import CachedFile
from milepost.diagnostics import Sink
from milepost.driver.gather import gather
from milepost.query.column import QueryColumn
from milepost.query.row_writer import NULL, RowWriter
from milepost.query.tables import QueryTable, tables
from milepost.staging import temporary

if TYPE_CHECKING:
    import duckdb

_READ = (
    f"FORMAT csv, HEADER false, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '{NULL}', AUTO_DETECT false"
)


class DatabaseError(RuntimeError):
    """The database cannot be made, in DuckDB's words."""


@contextmanager
def database(spec: Path, sink: Sink, jobs: int | None = None) -> Iterator[Path | None]:
    """The database of ``spec``, which stands at least as long as the context; None when the errors are in ``sink``.

    Raises ModuleNotFoundError where DuckDB is not installed, DatabaseError, and OSError.
    """
    import duckdb  # noqa: F401  Better now than after a minute of compiling.

    kept = CachedFile(spec, "query")
    known = kept.get()
    if known is not None:
        yield known
        return
    # Built in a scratch folder and moved into the cache when it is complete: an interrupted run
    # must not leave half a database that the next query would take for the fleet.
    with temporary("query") as scratch:
        shared = pipeline.read(spec, sink)
        read = None if shared is None else _rows(shared, scratch, sink, jobs)
        if read is None or sink.failed:
            yield None
        else:
            yield kept.keep(load(scratch / "rows", scratch / "fleet.duckdb"), read)


def _rows(shared: pipeline.SharedSpec, scratch: Path, sink: Sink, jobs: int | None) -> dict[str, str]:
    """Write the rows of all tables below ``scratch``; the digests of the files that were read for them."""
    rows = scratch / "rows"
    rows.mkdir()
    # The cached database is valid as long as these files have these digests, so a file that is
    # read later (the tables of a province, below) has to be added, or an edited row would go
    # unnoticed.
    read = dict(shared.spec.source.seen)
    write_rows = RowWriter(rows)

    def visit(compiled: pipeline.Compiled) -> Mapping[str, str]:
        # In the process that compiled the province: rows go to disk there, and only digests
        # travel back to the parent.
        write_rows(compiled)
        return compiled.tables

    for seen in gather(shared, shared.provinces, pipeline.compile_province, visit, jobs):
        sink.extend(seen.diagnostics)
        read |= seen.value or {}
    return read


def load(rows: Path, path: Path) -> Path:
    """A database at ``path`` with the rows that ``RowWriter`` left below ``rows``. Raises DatabaseError."""
    import duckdb

    try:
        with duckdb.connect(path) as connection:
            for table in tables():
                _load(connection, table, rows)
    except duckdb.Error as error:
        # Its rows are ours and right, so it is the disk; DuckDB has other errors for a full one
        # than the system's.
        raise DatabaseError(str(error)) from None
    return path


def _load(connection: duckdb.DuckDBPyConnection, table: QueryTable, rows: Path) -> None:
    connection.execute(_definition(table))
    # One COPY over all provinces, so that DuckDB reads the files in parallel.
    files = (rows / table.name / "*.csv").as_posix().replace("'", "''")
    connection.execute(f"COPY {table.name} FROM '{files}' ({_READ})")
    # Kept in the database, so that a copy that somebody took explains itself without Milepost.
    connection.execute(f"COMMENT ON TABLE {table.name} IS {_text(table.meaning)}")
    for column in table.columns:
        connection.execute(f"COMMENT ON COLUMN {table.name}.{column.name} IS {_text(column.meaning)}")


def _definition(table: QueryTable) -> str:
    def column(described: QueryColumn) -> str:
        return f"{described.name} {described.type}"

    return f"CREATE TABLE {table.name} ({', '.join(map(column, table.columns))})"


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
