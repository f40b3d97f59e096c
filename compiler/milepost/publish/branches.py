"""Every province's tree to its own branch: one commit where it changed, one push for all of them.

A province's cluster pulls its branch and nothing else. History is linear and each commit's tree is exactly one rendered
tree. Refuses to overwrite what a later commit of the spec has published, to write an empty commit, and to push anything
but every branch at once.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from milepost.publish.commit_message import message, source_in
from milepost.publish.remote import BranchTip, LostRaceError, Remote, remote
from milepost.publish.source_commit import SourceCommit, is_newer
from milepost.publish.tree_id import tree_id
from milepost.publish.trees import ProvinceTree

_LONGEST_PAUSE = 2.0
"""Seconds between two tries."""


class PushState(StrEnum):
    """What became of a province."""

    PUBLISHED = "published"
    WOULD_PUBLISH = "would be published"
    UNCHANGED = "unchanged"
    NEWER = "left alone: published from a later commit"


@dataclass(frozen=True, slots=True)
class PublishedBranch:
    """``commit`` is the branch's newest."""

    province: str
    branch: str
    state: PushState
    commit: str


@dataclass(frozen=True, slots=True)
class PushOptions:
    """How to publish. ``sign`` is a key, ``""`` for the one that Git is configured with, None for no signature."""

    branch: str = "province/{province}"
    sign: str | None = None
    dry_run: bool = False
    allow_older: bool = False
    attempts: int = 40
    settings: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


def publish(
    trees: Sequence[ProvinceTree], url: str, options: PushOptions, source: SourceCommit | None, rendered: Path
) -> list[PublishedBranch]:
    """In order of province. Raises GitError, and LostRaceError when every attempt came too late."""
    branches = {tree.province: options.branch.replace("{province}", tree.province) for tree in trees}
    with remote(url, branches, options.settings, options.environment) as there:
        run = _Run(trees, branches, options, source, rendered, there)
        for attempt in range(options.attempts - 1):
            try:
                return run.once()
            except LostRaceError:
                time.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.05 * 2**attempt)))
        return run.once()


@dataclass(frozen=True, slots=True)
class _Run:
    trees: Sequence[ProvinceTree]
    branches: Mapping[str, str]
    options: PushOptions
    source: SourceCommit | None
    rendered: Path
    there: Remote

    def once(self) -> list[PublishedBranch]:
        """One try, on what stands there now. Raises LostRaceError."""
        tips = self.there.tips()
        states = {tree.province: self._state(tree, tips.get(tree.province)) for tree in self.trees}
        going = [
            tree
            for tree in self.trees
            if states[tree.province] in (PushState.PUBLISHED, PushState.WOULD_PUBLISH)
        ]
        commits = {province: tip.commit for province, tip in tips.items()}
        if going and not self.options.dry_run:
            made = self._commits(going, tips)
            self.there.push(made)
            commits |= made
        return [
            PublishedBranch(province, self.branches[province], state, commits.get(province, ""))
            for province, state in states.items()
        ]

    def _state(self, tree: ProvinceTree, tip: BranchTip | None) -> PushState:
        if tip is not None and tip.tree == tree_id(tree.named(self.there.algorithm), self.there.algorithm):
            return PushState.UNCHANGED
        theirs = source_in(tip.message) if tip else None
        if (
            theirs
            and self.source
            and not self.options.allow_older
            and is_newer(self.rendered, theirs, self.source)
        ):
            return PushState.NEWER
        return PushState.WOULD_PUBLISH if self.options.dry_run else PushState.PUBLISHED

    def _commits(self, going: Sequence[ProvinceTree], tips: Mapping[str, BranchTip]) -> dict[str, str]:
        built = self.there.load((tree, tips.get(tree.province)) for tree in going)
        made = {}
        for tree in going:
            tip = tips.get(tree.province)
            files = tree.named(self.there.algorithm)
            if built[tree.province] != tree_id(files, self.there.algorithm):
                raise RuntimeError(
                    f"the tree of {tree.province} came out different; was it compiled meanwhile?"
                )
            text = message(tree.province, self.there.entries(tip), files, tree.digest, self.source)
            made[tree.province] = self.there.commit(built[tree.province], tip, text, self.options.sign)
        return made
