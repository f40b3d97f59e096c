"""Queries: the compiled fleet as tables, and SQL over them. Reads, never decides, and writes nothing but its answer.

A province is compiled, every table writes its rows of it to a file, and DuckDB loads the files of all provinces. The
tables are kept until the spec or the compiler changes, so that a second question is answered at once.
"""

from milepost.query.column import QueryColumn
from milepost.query.database import DatabaseError, database
from milepost.query.sql import QueryResult, SqlError, ask, write_parquet
from milepost.query.tables import QueryTable, tables

__all__ = [
    "DatabaseError",
    "QueryColumn",
    "QueryResult",
    "QueryTable",
    "SqlError",
    "ask",
    "database",
    "tables",
    "write_parquet",
]
