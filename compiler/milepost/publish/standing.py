"""Publish states: what becomes of a province, from what stands at the other end already."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from milepost.model.record import by_value
from milepost.publish.source_commit import SourceCommit, is_newer


class LostRaceError(RuntimeError):
    """Another publisher moved a branch or a tag meanwhile; the message is what the other side said, or which it was."""


class PushState(StrEnum):
    """What became of a province."""

    PUBLISHED = "published"
    WOULD_PUBLISH = "would be published"
    UNCHANGED = "unchanged"
    NEWER = "left alone: published from a later commit"
    FOREIGN = "left alone: it holds what Milepost did not publish"

    @property
    def goes(self) -> bool:
        """Whether this state means that something is published, or would be without ``--dry-run``."""
        return self in (PushState.PUBLISHED, PushState.WOULD_PUBLISH)


@by_value
class Conditions:
    """``source`` is what ``rendered`` was compiled from, as far as its repository tells."""

    rendered: Path
    source: SourceCommit | None
    dry_run: bool = False
    allow_older: bool = False
    over_foreign: bool = False

    def state(self, *, same: bool, foreign: bool, theirs: SourceCommit | None) -> PushState:
        """``same``: the very tree is there; ``foreign``: somebody else's work lies on top; ``theirs``: the last of ours."""
        if same:
            return PushState.UNCHANGED
        if foreign and not self.over_foreign:
            return PushState.FOREIGN
        # Two CI jobs may finish in the wrong order: the older one must not put back what the
        # newer one published.
        if theirs and self.source and not self.allow_older and is_newer(self.rendered, theirs, self.source):
            return PushState.NEWER
        return PushState.WOULD_PUBLISH if self.dry_run else PushState.PUBLISHED
