"""Columns of the tables of stations and nodes that follow from the models of their rows in inventory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from milepost.model.row_record import Carried, plain_type
from milepost.query.column import QueryColumn

_TYPES: dict[Any, str] = {
    str: "VARCHAR",
    int: "BIGINT",
    float: "DOUBLE",
    bool: "BOOLEAN",
    list[str]: "VARCHAR[]",
}


def of_rows(carried: Carried[Any]) -> Iterator[QueryColumn]:
    """A column for each of ``carried``, with the field's own description."""
    for name, field in carried.fields.items():
        yield QueryColumn(name, _TYPES[plain_type(field.annotation)], field.description or "")
