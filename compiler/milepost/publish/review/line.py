"""One line of a summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from milepost.publish.review.classes import Class
from milepost.publish.review.effects import Effect
from milepost.publish.review.radius import Radius
from milepost.publish.review.words import Words, plain


@dataclass(frozen=True)
class Line:
    """One line of the summary. ``reach`` is by province."""

    words: Words
    details: Words
    effect: Effect
    reach: Mapping[str, Radius]
    found: Class

    @cached_property
    def radius(self) -> Radius:
        return Radius.together(self.reach.values())

    @property
    def danger(self) -> tuple[int, int, int, int, str]:
        """Sort key, the most dangerous first."""
        return (
            -self.effect.severity,
            -len(self.radius.stations),
            -len(self.radius.nodes),
            -self.found.places,
            plain(self.words),
        )
