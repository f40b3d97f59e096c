"""SQL queries: one question to columns and rows. Refuses everything that is not a question.

The database is opened to be read, DuckDB may touch no other file, load no extension and see no Python variable, and
that cannot be changed from SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from milepost.staging import replacing

if TYPE_CHECKING:
    import duckdb

_AT_ONCE = 10_000


class SqlError(ValueError):
    """What is wrong with a question, in DuckDB's words."""


@dataclass(slots=True)
class QueryResult:
    """The result of a query: names of the columns, and rows that can be read once; ``number`` counts those read."""

    columns: tuple[str, ...]
    batches: Iterator[list[tuple[Any, ...]]]
    number: int = 0

    @property
    def rows(self) -> Iterator[tuple[Any, ...]]:
        for batch in self.batches:
            self.number += len(batch)
            yield from batch


@contextmanager
def ask(database: Path, sql: str) -> Iterator[QueryResult]:
    """The answer to ``sql``, as long as the context. Raises SqlError, also while rows are read."""
    with _connection(database, None) as connection, _clear_errors():
        # Fetched in batches below: as Python objects, rows of 100,000 nodes take far more
        # memory than in DuckDB.
        cursor = connection.execute(_question(connection, sql))
        columns = tuple(str(column[0]) for column in cursor.description or ())
        yield QueryResult(columns, _batches(cursor))


def write_parquet(database: Path, sql: str, output: Path) -> int:
    """Write the answer into the file ``output``; the number of rows. Raises SqlError and OSError."""
    with replacing(output) as part:
        with _connection(database, part) as connection, _clear_errors():
            relation = connection.sql(_question(connection, sql))
            assert relation is not None  # as it is for every SELECT
            relation.write_parquet(str(part))
            # The file's own footer says how many rows it has. Running the query a second time
            # for a count would cost as much again, and DuckDB's write_parquet returns nothing.
            counted = connection.execute("SELECT sum(num_rows) FROM parquet_file_metadata(?)", [str(part)])
            number = counted.fetchall()[0][0]
        return int(number)


def _question(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    import duckdb

    # DuckDB's own parser splits the text. A search for `;` or for a leading SELECT is fooled by
    # strings, comments and `WITH ...`; and `execute` runs every statement of a text, not the
    # first alone.
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise SqlError("one question at a time, please" if statements else "there is no question")
    # DESCRIBE, SUMMARIZE and SHOW TABLES parse as SELECT too. COPY and EXPLAIN do not: COPY
    # writes files, and a database opened read-only does not forbid that.
    if statements[0].type != duckdb.StatementType.SELECT:
        raise SqlError("the fleet can only be read: SELECT, DESCRIBE, SUMMARIZE or SHOW TABLES")
    return statements[0]


def _batches(cursor: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[Any, ...]]]:
    while batch := cursor.fetchmany(_AT_ONCE):
        yield batch


@contextmanager
def _connection(database: Path, writable: Path | None) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    # read_only protects this database and nothing else. Without these settings a query could
    # download an extension, or read variables of this process: DuckDB looks up unknown table
    # names among Python's.
    nothing_else: dict[str, Any] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
    }
    with duckdb.connect(database, read_only=True, config=nothing_else) as connection:
        if writable is not None:
            path = str(writable).replace("'", "''")
            # Before external access is switched off: afterwards DuckDB refuses to change the
            # allowed paths.
            connection.execute(f"SET allowed_paths = ['{path}']")
        connection.execute("SET enable_external_access = false")
        # Last, because nothing can be set after it: that is also what keeps a query from
        # undoing the lines above.
        connection.execute("SET lock_configuration = true")
        yield connection


@contextmanager
def _clear_errors() -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        # DuckDB's message already points at the place in the query; a Python traceback around
        # it helps nobody.
        raise SqlError(str(error)) from None
