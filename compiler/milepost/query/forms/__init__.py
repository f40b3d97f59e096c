"""Forms of a query result, one a module, found by name.

A form offers ``render``, which gives the text in pieces so that a large answer is never held as a whole.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Protocol, cast

from milepost.query.sql import QueryResult


class ResultForm(Protocol):
    """What a module of this package offers."""

    def render(self, answer: QueryResult) -> Iterator[str]:
        """The whole text in pieces, a line feed at its end."""
        ...


def names() -> tuple[str, ...]:
    """Every form, sorted."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__)))


def get(name: str) -> ResultForm:
    """The form of this name. Raises ModuleNotFoundError for another."""
    return cast(ResultForm, importlib.import_module(f"{__name__}.{name}"))
