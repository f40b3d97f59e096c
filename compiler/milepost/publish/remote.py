"""A repository somewhere else, by way of a bare one here that lives as long as a publish.

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

from milepost.publish.fast_import import change
from milepost.publish.git import GitError, Repository
from milepost.publish.review.read.tree_source import TreeEntry
from milepost.publish.trees import ProvinceTree

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
    """``branches`` is the name of each province's branch."""

    def __init__(self, repository: Repository, url: str, branches: Mapping[str, str], algorithm: str) -> None:
        self._local, self._branches, self.algorithm = repository, branches, algorithm
        self._entries: dict[str, Mapping[str, TreeEntry]] = {}
        repository.run("remote", "add", "origin", "--", url)

    def tips(self) -> dict[str, BranchTip]:
        """The branches that are there now, by province. Raises GitError."""
        names = {f"refs/heads/{branch}": province for province, branch in self._branches.items()}
        listed = self._local.run("ls-remote", "--refs", "origin", *names)
        there = [row.partition("\t")[2] for row in listed.split("\n") if row]
        wanted = [f"+{name}:refs/published/{names[name]}" for name in there]
        if wanted:
            options = ("--depth=1", "--filter=blob:none", "--no-tags", "--quiet", "--no-write-fetch-head")
            self._local.run("fetch", *options, "origin", *wanted)
        return {
            name: tip
            for name, tip in self._standing().items()
            if f"refs/heads/{self._branches[name]}" in there
        }

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
        fine, output, said = self._local.attempt(
            "push", "--porcelain", "--atomic", "--no-thin", "origin", *wanted
        )
        if fine:
            return
        refused = [row.split("\t")[-1] for row in output.splitlines() if row.startswith("!")]
        if refused and all(_LOST.search(reason) for reason in refused):
            raise LostRaceError(refused[0])
        reasons = [
            reason for reason in refused if "atomic push failed" not in reason
        ] or said.strip().splitlines()[:3]
        raise GitError("; ".join(dict.fromkeys(reasons)) or "git push failed")


@contextmanager
def remote(
    url: str, branches: Mapping[str, str], settings: Mapping[str, str], environment: Mapping[str, str]
) -> Iterator[Remote]:
    """``settings`` are Git's configuration for signing and such. Raises GitError when ``url`` cannot be reached."""
    with tempfile.TemporaryDirectory(prefix="milepost-publish-") as folder:
        algorithm = _algorithm(url, Path(folder))
        repository = Repository.bare(Path(folder) / "publish.git", algorithm)
        repository.environment({"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", **environment})
        for key, value in settings.items():
            repository.run("config", key, value)
        yield Remote(repository, url, branches, algorithm)


def _algorithm(url: str, folder: Path) -> str:
    """The hash that names objects there, told from the length of an id; an empty repository gets Git's default."""
    probe = Repository.bare(folder / "probe.git", "sha1")
    probe.environment({"GIT_TERMINAL_PROMPT": "0"})
    listed = probe.run("ls-remote", "--", url)
    return "sha256" if listed and len(listed.split("\t")[0]) == 64 else "sha1"
