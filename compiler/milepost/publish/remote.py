"""Remote repositories: the branches of provinces as they are there, read and pushed.

What is fetched are the tips of the branches, without history and, where the server can, without file contents: that is
enough to tell what changed, to build on it and to send only what is new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from milepost.model.record import by_value
from milepost.publish import network
from milepost.publish.commit_message import Foreign, is_own
from milepost.publish.fast_import import change
from milepost.publish.git import GitError, Repository, words
from milepost.publish.network import Hear, Said, TimeLimit
from milepost.publish.review.read.tree_source import TreeEntry
from milepost.publish.standing import LostRaceError
from milepost.publish.trees import ProvinceTree
from milepost.registry.errors import plain

LONGEST = 1800.0
"""Seconds for everything that a publish asks of a remote, unless another limit is given."""
_DEEP = 50
"""Commits that are looked through for one of Milepost's own."""

_LOST = re.compile(
    r"fetch first|non-fast-forward|stale info|failed to update ref|cannot lock ref|failed to lock|already exists"
    r"|atomic push failed|atomic transaction failed|incorrect old value"
)
"""Reasons of a refused push that all mean: somebody else was faster. Two kinds of server say it in many ways."""


@by_value
class BranchTip:
    """The newest commit of a branch, and the tree that it holds."""

    commit: str
    tree: str
    message: str


class Remote:
    """A remote Git repository. ``branch`` is the name of a province's branch, with ``{province}`` in it."""

    def __init__(
        self,
        repository: Repository,
        url: str,
        branch: str,
        algorithm: str,
        limit: TimeLimit,
        hear: Hear | None,
    ) -> None:
        self._local, self._branch, self.algorithm = repository, branch, algorithm
        self._limit, self._hear = limit, hear
        self._entries: dict[str, Mapping[str, TreeEntry]] = {}
        repository.run("remote", "add", "origin", "--", url)

    def branch(self, province: str) -> str:
        return self._branch.replace("{province}", province)

    def provinces(self) -> list[str]:
        """Those that have a branch there now, sorted. Raises GitError."""
        head, _, tail = self.branch("\0").partition("\0")
        # Git's `*` goes across slashes.
        form = re.compile(f"refs/heads/{re.escape(head)}([^/]+){re.escape(tail)}")
        found = (form.fullmatch(name) for name in self._there([self.branch("*")]))
        return sorted(match[1] for match in found if match)

    def _there(self, branches: Iterable[str]) -> list[str]:
        """Full names of the branches of those names, or patterns, that are there now."""
        wanted = (f"refs/heads/{branch}" for branch in branches)
        rows = listed(self._local, self._limit, "--refs", "origin", *wanted)
        return [row.partition("\t")[2] for row in rows.split("\n") if row]

    def tips(self, provinces: Iterable[str]) -> dict[str, BranchTip]:
        """The branches that are there now, by province. Raises GitError."""
        names = {f"refs/heads/{self.branch(province)}": province for province in provinces}
        there = self._there(map(self.branch, names.values())) if names else []
        # With `+`, since somebody may have rewritten a branch between two tries.
        wanted = [f"+{name}:refs/published/{names[name]}" for name in there if name in names]
        if wanted:
            self._fetch(1, *wanted)
        return {
            name: tip for name, tip in self._standing().items() if f"refs/heads/{self.branch(name)}" in there
        }

    def _fetch(self, depth: int, *wanted: str) -> None:
        # Without contents: names of trees and files tell what changed, and a full clone of all
        # provinces would take minutes over a slow line.
        options = (f"--depth={depth}", "--filter=blob:none", "--no-tags", "--quiet", "--no-write-fetch-head")
        said = self._local.talk("fetch", *options, "origin", *wanted, seconds=self._limit.left())
        _expect(said, self._limit)

    def foreign(self, province: str, tip: BranchTip) -> tuple[list[Foreign], str]:
        """The newest commits of a branch that Milepost did not make, and the message of its own commit below them.

        The newest first; as many as a look of limited depth shows. The message is ``""`` where there is none of its own.
        """
        if is_own(tip.message, tip.tree):
            return [], tip.message
        self._fetch(_DEEP, f"+refs/heads/{self.branch(province)}:refs/deep/{province}")
        form = "--format=%H%x00%T%x00%s%x00%an <%ae>%x00%B%x00"
        # First parents alone: a merge by hand on the branch counts once, and what it brought in
        # is its change.
        cells = self._local.run("log", f"-{_DEEP}", "--first-parent", form, tip.commit).split("\0")
        found: list[Foreign] = []
        for commit, tree, subject, author, text in zip(*(cells[i:-1:5] for i in range(5)), strict=True):
            if is_own(text, tree):
                return found, text
            found.append(Foreign(commit.strip("\n"), subject, author))
        return found, ""

    def _standing(self) -> dict[str, BranchTip]:
        """What was fetched, by province: one command for all of them."""
        form = "--format=%(refname:lstrip=2)%00%(objectname)%00%(tree)%00%(contents)%00"
        cells = self._local.run("for-each-ref", form, "refs/published/").split("\0")
        rows = zip(*(cells[i:-1:4] for i in range(4)), strict=True)
        return {name.strip("\n"): BranchTip(commit, tree, message) for name, commit, tree, message in rows}

    def entries(self, tip: BranchTip | None) -> Mapping[str, TreeEntry]:
        if tip is None:
            return {}
        if tip.tree not in self._entries:
            self._entries[tip.tree] = self._local.tree(tip.commit)
        return self._entries[tip.tree]

    def load(self, changes: Iterable[tuple[ProvinceTree, BranchTip | None]]) -> dict[str, str]:
        """Brings trees into the local repository; by province, what Git calls each."""
        # `fast-import` without an index or a work tree: 14 MB of objects where `git add` of the
        # same 30,000 files made 139 MB.
        self._local.feed(self._stream(changes), "fast-import", "--quiet", "--done", "--force")
        listed = self._local.run("for-each-ref", "--format=%(refname:lstrip=2) %(tree)", "refs/built/")
        return dict(row.split(" ") for row in listed.split("\n") if row)

    def _stream(self, changes: Iterable[tuple[ProvinceTree, BranchTip | None]]) -> Iterator[bytes]:
        for tree, tip in changes:
            yield from change(
                f"refs/built/{tree.province}",
                tip.commit if tip else None,
                self.entries(tip),
                tree,
                self.algorithm,
            )
        yield b"done\n"

    def commit(self, tree: str, parent: BranchTip | None, message: str, sign: str | None) -> str:
        """A commit on top of ``parent``; signed by ``sign``, a key, or ``""`` for git's own choice."""
        options = [*(("-p", parent.commit) if parent else ()), *(() if sign is None else (f"-S{sign}",))]
        return self._local.run(
            "commit-tree", tree, *options, "-F", "-", feed=message.encode("utf-8", "surrogateescape")
        )

    def push(self, commits: Mapping[str, str]) -> None:
        """All branches or none. Raises LostRaceError, and GitError for every other refusal.

        Never thin: a thin pack wants the old contents to tell differences from, and they were not fetched.
        """
        wanted = [f"{commit}:refs/heads/{self.branch(province)}" for province, commit in commits.items()]
        progress = ("--progress",) if self._hear else ()
        said = self._local.talk(
            "push",
            "--porcelain",
            # All branches or none: a release that reached half of the provinces could not be
            # told from a slow one.
            "--atomic",
            "--no-thin",
            *progress,
            "origin",
            *wanted,
            seconds=self._limit.left(),
            hear=self._hear,
        )
        if said.fine:
            return
        refused = [row.split("\t")[-1] for row in said.output.splitlines() if row.startswith("!")]
        told = [f"remote: {line}" for line in said.remote]
        # Only where every refusal says so. One that a hook or a protected branch refused would
        # be refused again at every try.
        if refused and all(_LOST.search(reason) for reason in refused):
            raise LostRaceError("; ".join([plain(refused[0]), *told]))
        # With `--atomic` one refused branch fails all others, whose message says nothing of the
        # cause.
        reasons = [plain(reason) for reason in refused if "atomic push failed" not in reason]
        if not reasons:
            _expect(said, self._limit)
        raise GitError("; ".join(dict.fromkeys([*reasons, *told])) or "git push failed")


def listed(repository: Repository, limit: TimeLimit, *arguments: str) -> str:
    """What ``git ls-remote`` prints. Raises GitError."""
    said = repository.talk("ls-remote", *arguments, seconds=limit.left(network.LISTING))
    _expect(said, limit)
    return said.output.rstrip("\n")


def _expect(said: Said, limit: TimeLimit) -> None:
    """Raises GitError with Git's words, and the remote's."""
    if said.late:
        seconds = limit.seconds if not limit.left() else network.LISTING
        raise GitError(f"the remote gave no answer within {seconds:g} s; --timeout allows more")
    if not said.fine:
        raise GitError(words(said.words))
