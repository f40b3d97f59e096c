"""Tables of the fleet, one a module, found by walking the folder: a new table is a new file.

A module offers ``MEANING`` (one sentence), ``COLUMNS``, and ``rows``, which gives a province's rows in their order.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator

from milepost.model.record import by_value
from milepost.pipeline import Compiled
from milepost.query.column import QueryColumn

Cell = str | int | float | list[str] | dict[str, str] | None


@by_value
class QueryTable:
    """A table: its name in SQL, what a row is, its columns, and how a province's rows are made."""

    name: str
    meaning: str
    columns: tuple[QueryColumn, ...]
    rows: Callable[[Compiled], Iterable[tuple[Cell, ...]]]


def tables() -> Iterator[QueryTable]:
    """Every table, in order of name."""
    for name in sorted(m.name for m in pkgutil.iter_modules(__path__)):
        module = importlib.import_module(f"{__name__}.{name}")
        yield QueryTable(name, module.MEANING, module.COLUMNS, module.rows)
