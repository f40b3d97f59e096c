"""File ownership in a province's folder: Milepost owns what the folder's own ``milepost.json`` lists.

Read before a tree is replaced, so a file that somebody else put there is known as such. Trusts nothing: a path that
leaves the folder is not owned, and an index that cannot be read owns nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from milepost.model.owned_files import UnreadableIndexError, listed, read
from milepost.model.tree import INDEX


class ForeignFileError(RuntimeError):
    """Milepost would have to overwrite files that it does not own and that have other content. Nothing was changed."""

    def __init__(self, directory: Path, paths: Iterable[str]) -> None:
        self.directory = directory
        self.paths = tuple(sorted(paths))
        shown = ", ".join(self.paths[:3]) + (
            f" and {len(self.paths) - 3} more" if len(self.paths) > 3 else ""
        )
        lost = (
            f"; {INDEX}, which lists those that it wrote, cannot be read: restore it, or remove {directory}"
            if INDEX in self.paths
            else ""
        )
        super().__init__(
            f"{directory} holds files that Milepost did not write, in the way of its own: {shown}{lost}"
        )


def owned(directory: Path) -> frozenset[str]:
    """The paths that Milepost owns below ``directory``, the index among them; empty without a readable index."""
    try:
        # A merge that left a conflict has two: what either lists was written by Milepost, and this
        # compile writes the index anew.
        indexes = read((directory / INDEX).read_bytes())
    except (OSError, UnreadableIndexError):
        return frozenset()
    files = [path for index in indexes for path in listed(index)]
    if not files:
        return frozenset()
    # The index comes from a repository that people can edit. A path such as `../x` in it must
    # never make a compile remove a file elsewhere.
    return frozenset({path for path in files if _inside(path)} | {INDEX})


def _inside(path: str) -> bool:
    return all(part not in ("", ".", "..") for part in path.split("/")) and "\0" not in path
