"""Province branches: every tree to its own, one commit where it changed, one push for all of them.

A province's cluster pulls its branch and nothing else. History is linear and each commit's tree is exactly one rendered
tree. Refuses to overwrite what a later commit of the spec has published or somebody else has committed, to write an
empty commit, and to push anything but every branch at once.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import field

from milepost.model.record import by_value
from milepost.publish.commit_message import Foreign, message, source_in
from milepost.publish.network import Hear, TimeLimit
from milepost.publish.remote import LONGEST, BranchTip, Remote
from milepost.publish.scratch import remote
from milepost.publish.standing import Conditions, LostRaceError, PushState
from milepost.publish.tree_id import tree_id
from milepost.publish.trees import ProvinceTree

_LONGEST_PAUSE = 2.0
"""Seconds between two tries."""


@by_value
class PublishedBranch:
    """A published branch.

    ``commit`` is the branch's newest; ``foreign`` are commits that lie on top of Milepost's own, or lay there.
    """

    province: str
    branch: str
    state: PushState
    commit: str
    foreign: tuple[Foreign, ...] = ()


@by_value
class PushOptions:
    """Options of a push.

    ``sign`` is a key, ``""`` for the one that Git is configured with, None for no signature.
    """

    branch: str = "province/{province}"
    sign: str | None = None
    attempts: int = 40
    timeout: float = LONGEST
    hear: Hear | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


def publish(
    trees: Sequence[ProvinceTree], url: str, options: PushOptions, rules: Conditions
) -> list[PublishedBranch]:
    """In order of province. Raises GitError, and LostRaceError when every attempt came too late."""
    limit = TimeLimit(options.timeout)
    with remote(url, options.branch, options.settings, options.environment, limit, options.hear) as there:
        run = _Run(trees, options, rules, there)
        for attempt in range(options.attempts - 1):
            try:
                return run.once()
            except LostRaceError:
                # At random, so that publishers that collided once do not collide again; six
                # writers at once were tried, and all of their commits landed.
                time.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.05 * 2**attempt)))
        return run.once()


@by_value
class _Run:
    trees: Sequence[ProvinceTree]
    options: PushOptions
    rules: Conditions
    there: Remote

    def once(self) -> list[PublishedBranch]:
        """One attempt, based on the branches as they are now. Raises LostRaceError."""
        tips = self.there.tips(tree.province for tree in self.trees)
        looks = {tree.province: self._look(tree, tips.get(tree.province)) for tree in self.trees}
        going = [tree for tree in self.trees if looks[tree.province][0].goes]
        commits = {province: tip.commit for province, tip in tips.items()}
        if going and not self.rules.dry_run:
            made = self._commits(going, tips, {province: foreign for province, (_, foreign) in looks.items()})
            self.there.push(made)
            # After the push: a commit that was refused must not be reported as the branch's
            # newest.
            commits |= made
        return [
            PublishedBranch(
                province, self.there.branch(province), state, commits.get(province, ""), tuple(foreign)
            )
            for province, (state, foreign) in looks.items()
        ]

    def _look(self, tree: ProvinceTree, tip: BranchTip | None) -> tuple[PushState, Sequence[Foreign]]:
        if tip is None:
            return self.rules.state(same=False, foreign=False, theirs=None), ()
        # By Git's own id, worked out without Git: an unchanged province costs no command and no
        # fetch of its files.
        if tip.tree == tree_id(tree.named(self.there.algorithm), self.there.algorithm):
            return PushState.UNCHANGED, ()
        foreign, own = self.there.foreign(tree.province, tip)
        return self.rules.state(same=False, foreign=bool(foreign), theirs=source_in(own)), foreign

    def _commits(
        self,
        going: Sequence[ProvinceTree],
        tips: Mapping[str, BranchTip],
        foreign: Mapping[str, Sequence[Foreign]],
    ) -> dict[str, str]:
        built = self.there.load((tree, tips.get(tree.province)) for tree in going)
        made = {}
        for tree in going:
            tip = tips.get(tree.province)
            files = tree.named(self.there.algorithm)
            # Both sides name the same bytes, so they can differ only where files changed
            # between the two readings.
            if built[tree.province] != tree_id(files, self.there.algorithm):
                raise RuntimeError(
                    f"the tree of {tree.province} came out different; was it compiled meanwhile?"
                )
            names = (tree.digest, built[tree.province])
            old, covers = self.there.entries(tip), foreign[tree.province]
            text = message(tree.province, old, files, names, self.rules.source, covers)
            made[tree.province] = self.there.commit(built[tree.province], tip, text, self.options.sign)
        return made
