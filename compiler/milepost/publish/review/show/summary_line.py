"""Summary lines of a review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from milepost.publish.review.classify.change_classes import ChangeClass
from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.classify.effects import FieldChange
from milepost.publish.review.judge.blast_radius import BlastRadius
from milepost.publish.review.read.file_location import LISTING, RELEASE
from milepost.publish.review.read.join_lists import WORKLOADS
from milepost.publish.review.show.words import Words, plain

_TEMPLATES = ("spec.template", "spec.workloadTemplate")
"""Where a change makes other pods. A CronJob's next run is no restart."""


@dataclass(frozen=True)
class SummaryLine:
    """A line of the summary. ``reach`` is by province."""

    words: Words
    details: Words
    effect: Effect
    reach: Mapping[str, BlastRadius]
    found: ChangeClass
    changes: tuple[FieldChange, ...] = ()
    """The fields that it changes."""

    def has(self, *effects: Effect) -> bool:
        """Whether it does one of these, be it the worst of what it does or not."""
        return self.effect in effects or any(change.effect in effects for change in self.changes)

    @property
    def restarts(self) -> bool:
        """Whether pods that run now are started anew."""
        key = self.found.key
        if key.role in (LISTING, RELEASE):
            return self.effect in (Effect.RESTARTS, Effect.REPULLS)
        return key.kind in WORKLOADS and key.field.startswith(_TEMPLATES)

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
