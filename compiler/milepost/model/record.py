"""Records: frozen dataclasses with slots that are quick to define and to make.

That nothing assigns to its fields is for the type checker to say. Python's own way of freezing sets each field by a call
at run time, which doubles the time that a node takes; and for each class it compiles the text of every method, which for
two hundred classes was a quarter of what a start of the compiler took. Here only ``__init__`` is made so. What passes
of a plan give is frozen by Python as well, so that no pass can change what another decided.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """As ``dataclass(frozen=True, slots=True, eq=False)``: equal to itself alone."""
    made = dataclass(slots=True, eq=False, repr=False)(cls)
    if made.__repr__ is object.__repr__:
        made.__repr__ = _shown  # type: ignore[method-assign]
    return made


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def by_value(cls: type[T]) -> type[T]:
    """As ``dataclass(frozen=True, slots=True)``: equal to what has the same class and fields."""
    made: Any = record(cls)
    names = [one.name for one in fields(made) if one.compare]
    key = attrgetter(*names) if names else lambda _: ()

    def equal(one: Any, other: object) -> bool:
        return key(one) == key(other) if other.__class__ is made else NotImplemented

    made.__eq__, made.__hash__ = equal, lambda one: hash(key(one))
    return made  # type: ignore[no-any-return]


def _shown(one: Any) -> str:
    """As a dataclass shows itself."""
    shown = ", ".join(f"{each.name}={getattr(one, each.name)!r}" for each in fields(one) if each.repr)
    return f"{type(one).__qualname__}({shown})"
