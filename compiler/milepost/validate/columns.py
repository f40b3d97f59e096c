"""Column validation: whether the model of a table's rows takes every cell, asked once for equal cells.

Of 100,000 nodes there are few different profiles, roles and labels. What is wrong, and in which row, ``rows`` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError, create_model

from milepost.model.document import TableRows
from milepost.model.spec.base import SpecModel


def fits(model: type[SpecModel], rows: TableRows) -> bool:
    """Whether ``model`` takes each of ``rows``. A field is asked by itself: no model of rows has checks across fields."""
    fields = model.model_fields
    # The slower way names the unknown column and offers the near one; here it is enough to know
    # that there is one.
    if not fields.keys() >= set(rows.fields):
        return False
    if not all(rows.complete(name) for name, field in fields.items() if field.is_required()):
        return False
    try:
        # A few hundred different cells instead of 100,000 rows, whose models would take half a
        # second and 126 MB.
        _columns_of(model).model_validate({name: list(rows.different(name)) for name in fields})
    except ValidationError:
        return False
    return True


def columns(model: type[SpecModel], rows: TableRows) -> list[Sequence[Any]]:
    """The column of each field of ``model``, with its default where a row has nothing; strict models change no cell."""
    return [
        rows.column(name, None if field.is_required() else field.get_default(call_default_factory=True))
        for name, field in model.model_fields.items()
    ]


@cache
def _columns_of(model: type[SpecModel]) -> type[BaseModel]:
    """A model with the same fields, that takes a list of cells for each."""
    fields: dict[str, Any] = {
        name: (list[field.rebuild_annotation()], ...)  # type: ignore[misc]
        for name, field in model.model_fields.items()
    }
    return create_model(f"{model.__name__}Columns", __config__=model.model_config, **fields)
