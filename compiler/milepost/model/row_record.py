"""Row records: rows of inventory as tuples that have the fields of their model, in its order and by its names.

There are a hundred thousand rows, and a tuple is the smallest thing that Python makes. To the type checker a row is an
instance of its model, so that a field has the model's name and type and nobody counts positions; it is read by name
alone, and asked for nothing that only a pydantic model has.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache, partial
from operator import attrgetter
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, cast, get_args, get_origin

from pydantic.fields import FieldInfo

from milepost.model.spec.base import InventoryRow

M = TypeVar("M", bound=InventoryRow)


def records(model: type[M], columns: Iterable[Sequence[Any]]) -> list[M]:
    """Rows of ``model`` from its columns, one for each field in the model's order."""
    # `tuple.__new__` through `map` and `zip`: a row is made without a line of Python, which is
    # what 100,000 rows can afford (ADR 0017).
    made = map(partial(tuple.__new__, _record(model)), zip(*columns, strict=True))
    return cast("list[M]", list(made))


@cache
def _record(model: type[InventoryRow]) -> type[tuple[Any, ...]]:
    return namedtuple(model.__name__, tuple(model.model_fields))


def several(model: type[InventoryRow]) -> Iterable[str]:
    """The fields that hold a list of words."""
    return (name for name, field in model.model_fields.items() if get_origin(field.annotation) is list)


class Carried(Generic[M]):
    """The columns of a model that mean what they say: whoever lists a station or a node lists these.

    What resolve makes something else of (``resolved``) is not among them, and neither is what is in ``but``.
    """

    def __init__(self, model: type[M], but: Collection[str] = ()) -> None:
        self.fields: dict[str, FieldInfo] = {
            name: field
            for name, field in model.model_fields.items()
            if name not in model.resolved and name not in but
        }
        self.values: Callable[[M], tuple[Any, ...]] = _getter(tuple(self.fields))

    def mapping(self, row: M) -> dict[str, Any]:
        """By name, in the model's order."""
        return dict(zip(self.fields, self.values(row), strict=True))


def _getter(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """As ``attrgetter``, which gives a tuple only for several names."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda row: tuple([getattr(row, name) for name in names])


def plain_type(annotation: Any) -> Any:
    """What a field holds where it holds something, without its constraints: ``str`` of ``Name | None``."""
    if get_origin(annotation) in (Union, UnionType):
        return plain_type(next(part for part in get_args(annotation) if part is not type(None)))
    if get_origin(annotation) is list:
        return list[plain_type(get_args(annotation)[0])]  # type: ignore[misc]
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
