"""Placeholders of one class of places, and the functions that fill them at each place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from milepost.model.manifest import placeholder

P = TypeVar("P")
"""The kind of place: a Station or a StationGroup."""

Filler = Callable[[P, Mapping[str, str]], str]
"""Gives a hole's text from the place and the placeholders filled before it."""


class Placeholders(Generic[P]):
    """Collects placeholders while a class is lowered; then gives the values of each place."""

    def __init__(self, fillers: Mapping[str, Filler[P]]) -> None:
        self._fillers: dict[str, Filler[P]] = dict(fillers)

    def placeholder(self, name: str, filler: Filler[P]) -> str:
        """A placeholder that ``filler`` fills. The same name must mean the same filler."""
        self._fillers.setdefault(name, filler)
        return placeholder(name)

    def add(self, other: Placeholders[P]) -> None:
        """The placeholders of ``other``, as if they were made here."""
        # A new mapping: the other's fillers belong to a workload that further classes share.
        self._fillers = {**self._fillers, **other._fillers}

    def values(self, place: P) -> dict[str, str]:
        """The value of every placeholder at ``place``, in the order in which placeholders were made."""
        filled: dict[str, str] = {}
        for name, filler in self._fillers.items():
            # In order, since a digest is made of texts that were filled before it.
            filled[name] = filler(place, filled)
        return filled
