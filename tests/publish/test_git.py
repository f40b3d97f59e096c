"""What is read from a repository, whoever reads at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import git
import pytest

from milepost.publish.git import GitError, Repository


def repository(folder: Path, files: Sequence[str]) -> tuple[Repository, list[str]]:
    """A repository with a blob for each text, and their ids."""
    made = git.Repo.init(folder)
    found = Repository(made)
    return found, [found.run("hash-object", "-w", "--stdin", feed=text.encode()) for text in files]


def test_readers_of_one_repository_may_take_turns(tmp_path: Path) -> None:
    """Old and new side of a review are read line by line from the same process; each gets its own, in its order."""
    texts = [f"file {number}\n" * (number + 1) for number in range(150)]
    found, ids = repository(tmp_path, texts)
    pairs = zip(found.blobs(ids), found.blobs(ids[::-1]), strict=True)
    assert [(one.decode(), other.decode()) for one, other in pairs] == list(
        zip(texts, texts[::-1], strict=True)
    )


def test_what_is_no_blob_is_told_and_spoils_nothing_that_is_read_after_it(tmp_path: Path) -> None:
    """The process that answered is given up, with whatever else it was about to say."""
    found, ids = repository(tmp_path, ["a\n", "b\n"])
    with pytest.raises(GitError, match="missing"):
        list(found.blobs([ids[0], "0" * 40, ids[1]]))
    assert list(found.blobs(ids)) == [b"a\n", b"b\n"]


def test_a_large_blob_and_an_empty_one_are_read_whole(tmp_path: Path) -> None:
    """Larger than any pipe, and nothing at all."""
    large = "line\n" * 200_000
    found, ids = repository(tmp_path, [large, "", "end\n"])
    assert list(found.blobs(ids)) == [large.encode(), b"", b"end\n"]


def test_a_repository_named_by_sha256_is_read_like_any_other(tmp_path: Path) -> None:
    """Revisions, files and bytes; the library's own objects cannot read one (decision 0018)."""
    made = git.Repo.init(tmp_path, object_format="sha256")
    found = Repository(made)
    (tmp_path / "a.txt").write_text("a\n")
    made.git.add("a.txt")
    found.run("-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "--quiet", "--message", "a")
    commit = found.commit("HEAD")
    assert (len(commit), found.algorithm, found.merge_base("HEAD", commit)) == (64, "sha256", commit)
    assert [(path, *found.blobs([e.id])) for path, e in found.tree(commit).items()] == [("a.txt", b"a\n")]
    with pytest.raises((git.BadName, ValueError)):
        made.commit("HEAD")
