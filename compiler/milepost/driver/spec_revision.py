"""Spec revision: the fleet spec as it is at a Git commit, laid out in a folder that is gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from milepost.publish.git import GitError, Repository
from milepost.publish.revision import Revision
from milepost.staging import temporary


@contextmanager
def spec_at(root: Path, revision: str) -> Iterator[Path]:
    """The folder ``root`` of a repository as ``revision`` has it. Raises GitError, OSError."""
    repository = Repository.around(root)
    if repository is None:
        raise GitError(f"{root.as_posix()} is in no Git repository")
    tree = Revision(repository, repository.commit(revision), repository.folder(root), revision)
    if not tree.entries:
        raise GitError(f'"{revision}" has no {root.as_posix()}')
    with temporary("spec") as place:
        paths = list(tree.entries)
        for path, data in zip(paths, tree.read(paths), strict=True):
            target = place / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        yield place
