"""One line of a summary."""

from __future__ import annotations

from dataclasses import dataclass

from milepost.publish.review.classes import Class
from milepost.publish.review.effects import Effect
from milepost.publish.review.radius import Radius
from milepost.publish.review.words import Words, plain


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary."""

    words: Words
    details: Words
    effect: Effect
    radius: Radius
    found: Class

    @property
    def danger(self) -> tuple[int, int, int, int, str]:
        """Sort key, the most dangerous first."""
        reach = self.radius
        return (
            -self.effect.severity,
            -len(reach.stations),
            -len(reach.nodes),
            -self.found.places,
            plain(self.words),
        )
