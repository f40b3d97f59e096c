"""Holes of one class of places, and who fills them at each place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from milepost.model.manifest import hole

P = TypeVar("P")
"""The kind of place: a Station or a StationGroup."""

Filler = Callable[[P, Mapping[str, str]], str]
"""Gives a hole's text from the place and the holes filled before it."""


class Stencil(Generic[P]):
    """Collects holes while a class is lowered; then gives the values of each place."""

    def __init__(self, fillers: Mapping[str, Filler[P]]) -> None:
        self._fillers: dict[str, Filler[P]] = dict(fillers)

    def hole(self, name: str, filler: Filler[P]) -> str:
        """A hole that ``filler`` fills. The same name must mean the same filler."""
        self._fillers.setdefault(name, filler)
        return hole(name)

    def add(self, other: Stencil[P]) -> None:
        """The holes of ``other``, as if they were made here."""
        self._fillers = {**self._fillers, **other._fillers}

    def values(self, place: P) -> dict[str, str]:
        """The value of every hole at ``place``, in the order in which holes were made."""
        filled: dict[str, str] = {}
        for name, filler in self._fillers.items():
            filled[name] = filler(place, filled)
        return filled
