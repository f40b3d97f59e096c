"""Git revisions of a rendered folder: read from the repository, never checked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from milepost.publish.git import Repository
from milepost.publish.review.read.tree_source import TreeEntry


@dataclass(frozen=True)
class Revision:
    """A Git revision as a tree source.

    ``folder`` is the rendered folder, from the repository's root; a commit without it has no files.
    """

    repository: Repository
    commit: str
    folder: str
    label: str

    @cached_property
    def entries(self) -> Mapping[str, TreeEntry]:
        return self.repository.tree(self.commit, self.folder)

    def read(self, paths: Iterable[str]) -> Iterator[bytes]:
        return self.repository.blobs(self.entries[path].id for path in paths)
