"""Remote repositories, by way of a bare one here that lives as long as a publish.

What is fetched are the tips of the branches, without history and, where the server can, without file contents: that is
enough to tell what changed, to build on it and to send only what is new.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from milepost.publish import network
from milepost.publish.commit_message import Foreign, is_own
from milepost.publish.fast_import import change
from milepost.publish.git import GitError, Repository, setting, words
from milepost.publish.network import Hear, Said, TimeLimit
from milepost.publish.review.read.tree_source import TreeEntry
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


class LostRaceError(RuntimeError):
    """Another publisher moved a branch meanwhile; nothing was pushed."""


@dataclass(frozen=True, slots=True)
class BranchTip:
    """The newest commit of a branch, and the tree that it holds."""

    commit: str
    tree: str
    message: str


class Remote:
    """A remote Git repository. ``branches`` is the name of each province's branch."""

    def __init__(
        self,
        repository: Repository,
        url: str,
        branches: Mapping[str, str],
        algorithm: str,
        limit: TimeLimit,
        hear: Hear | None,
    ) -> None:
        self._local, self._branches, self.algorithm = repository, branches, algorithm
        self._limit, self._hear = limit, hear
        self._entries: dict[str, Mapping[str, TreeEntry]] = {}
        repository.run("remote", "add", "origin", "--", url)

    def tips(self) -> dict[str, BranchTip]:
        """The branches that are there now, by province. Raises GitError."""
        names = {f"refs/heads/{branch}": province for province, branch in self._branches.items()}
        listed = _listed(self._local, self._limit, "--refs", "origin", *names)
        there = [row.partition("\t")[2] for row in listed.split("\n") if row]
        # With `+`, since somebody may have rewritten a branch between two tries.
        wanted = [f"+{name}:refs/published/{names[name]}" for name in there if name in names]
        if wanted:
            self._fetch(1, *wanted)
        return {
            name: tip
            for name, tip in self._standing().items()
            if f"refs/heads/{self._branches[name]}" in there
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
        self._fetch(_DEEP, f"+refs/heads/{self._branches[province]}:refs/deep/{province}")
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
        wanted = [f"{commit}:refs/heads/{self._branches[province]}" for province, commit in commits.items()]
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
        # Only where every refusal says so. One that a hook or a protected branch refused would
        # be refused again at every try.
        if refused and all(_LOST.search(reason) for reason in refused):
            raise LostRaceError(refused[0])
        # With `--atomic` one refused branch fails all others, whose message says nothing of the
        # cause.
        reasons = [plain(reason) for reason in refused if "atomic push failed" not in reason]
        if not reasons:
            _expect(said, self._limit)
        told = [f"remote: {line}" for line in said.remote]
        raise GitError("; ".join(dict.fromkeys([*reasons, *told])) or "git push failed")


@contextmanager
def remote(
    url: str,
    branches: Mapping[str, str],
    settings: Mapping[str, str],
    environment: Mapping[str, str],
    limit: TimeLimit | None = None,
    hear: Hear | None = None,
) -> Iterator[Remote]:
    """``settings`` are Git's configuration for signing and such; ``hear`` is told how a push goes.

    Raises GitError when ``url`` cannot be reached, or gives no answer in time.
    """
    limit = limit or TimeLimit(LONGEST)
    with tempfile.TemporaryDirectory(prefix="milepost-publish-") as folder:
        algorithm = _algorithm(url, Path(folder), limit)
        repository = _bare(Path(folder) / "publish.git", algorithm)
        # Otherwise a command that meets a missing blob fetches it by itself, one request for
        # each.
        repository.environment({"GIT_NO_LAZY_FETCH": "1", **environment})
        for key, value in settings.items():
            repository.run("config", key, value)
        yield Remote(repository, url, branches, algorithm, limit, hear)


def _bare(path: Path, algorithm: str) -> Repository:
    """A repository whose commands never prompt, and never wait without a limit."""
    made = Repository.bare(path, algorithm)
    for key, value in network.settings(lambda key: setting(path, key)).items():
        made.run("config", key, value)
    # Git would ask for a password, and a CI job would wait for the answer until it is ended.
    made.environment({"GIT_TERMINAL_PROMPT": "0"})
    return made


def _algorithm(url: str, folder: Path, limit: TimeLimit) -> str:
    """The hash that names objects there, told from the length of an id; an empty repository gets Git's default."""
    listed = _listed(_bare(folder / "probe.git", "sha1"), limit, "--", url)
    # Told from what is there: the protocol names the hash only in its newer versions, and a
    # repository of the wrong one cannot fetch.
    return "sha256" if listed and len(listed.split("\t")[0]) == 64 else "sha1"


def _listed(repository: Repository, limit: TimeLimit, *arguments: str) -> str:
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
