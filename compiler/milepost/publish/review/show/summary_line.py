"""Summary lines of a review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from milepost.publish.review.classify.change_classes import ChangeClass
from milepost.publish.review.classify.effects import Effect
from milepost.publish.review.judge.blast_radius import BlastRadius
from milepost.publish.review.show.words import Words, plain


@dataclass(frozen=True)
class SummaryLine:
    """A line of the summary. ``reach`` is by province."""

    words: Words
    details: Words
    effect: Effect
    reach: Mapping[str, BlastRadius]
    found: ChangeClass

    @cached_property
    def radius(self) -> BlastRadius:
        return BlastRadius.together(self.reach.values())

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
