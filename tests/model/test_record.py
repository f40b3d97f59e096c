"""Records are what frozen dataclasses are, to whoever compares, hashes, shows, replaces or pickles them."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field, fields, replace
from typing import Any

import pytest

from milepost.model.record import by_value, record


@by_value
class Place:
    """One of ours."""

    name: str
    mark: int = 0
    secret: str = field(default="", repr=False)
    note: str = field(default="", compare=False)


@by_value
class Empty:
    """No fields."""


@record
class Thing:
    """Equal to itself alone."""

    name: str

    def __repr__(self) -> str:
        return "its own"


@dataclass(frozen=True, slots=True)
class Frozen:
    """One of Python's."""

    name: str
    mark: int = 0
    secret: str = field(default="", repr=False)
    note: str = field(default="", compare=False)


@pytest.mark.parametrize("other", [{}, {"name": "b"}, {"mark": 1}, {"secret": "x"}, {"note": "x"}])
def test_a_value_compares_and_hashes_as_a_frozen_dataclass(other: dict[str, Any]) -> None:
    """By its fields, apart from those that do not count."""

    def alike(kind: Any) -> tuple[bool, bool]:
        one, changed = kind("a"), replace(kind("a"), **other)
        return one == changed, hash(one) == hash(changed)

    assert alike(Place) == alike(Frozen)


def test_a_value_shows_itself_as_a_dataclass_does() -> None:
    """Without what is not to be shown."""
    assert repr(Place("a", 1, "hidden")) == repr(Frozen("a", 1, "hidden")).replace("Frozen", "Place")
    assert repr(Thing("a")) == "its own"


def test_values_of_two_classes_differ() -> None:
    assert Place("a") != Frozen("a") and Empty() == Empty() and hash(Empty()) == hash(Empty())


def test_a_record_is_equal_to_itself_alone() -> None:
    one = Thing("a")
    assert one == one and one != Thing("a") and len({one, Thing("a")}) == 2


def test_a_record_has_slots_and_can_be_pickled() -> None:
    """Executors send them to other processes."""
    place = Place("a", 2)
    assert not hasattr(place, "__dict__") and pickle.loads(pickle.dumps(place)) == place
    assert [one.name for one in fields(place)] == ["name", "mark", "secret", "note"]
