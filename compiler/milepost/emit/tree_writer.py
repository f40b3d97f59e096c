"""The tree writer, all or nothing: at any moment, killed or not, a folder is wholly the old tree or wholly the new.

Takes a Tree, makes ``output/<province>`` equal to it and touches nothing that Milepost does not own. The new tree is
built in a staging folder beside the old one and swapped in; if nothing differs, nothing is written. Refuses to
overwrite a foreign file, and to promise anything about power cuts: the next compile compares contents and repairs.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from milepost.emit.atomic_swap import swap, swap_back
from milepost.emit.disk_state import DiskState
from milepost.emit.file_states import FileState, file_states, same_file, settle, signature
from milepost.emit.ownership import ForeignFileError, owned
from milepost.emit.tree_build import build
from milepost.model.record import by_value
from milepost.model.tree import Tree
from milepost.staging import clean, locked, opened, remove, staging

__all__ = ["ForeignFileError", "StagedTree", "WriteCounts", "difference", "owned", "prepare", "write"]
_NEW = "new"
"""Folder of a staging folder: the trees that are to come, by province."""


@by_value
class WriteCounts:
    """Counts of written files."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0


class StagedTree:
    """A tree that stands ready in a staging folder: ``put`` in place, then ``kept``, or taken ``back``, or dropped.

    The states of the files that it holds were taken before anybody else could see it, so whether it still stands as it was made
    is known for certain but for one thing: an edit of a file that was taken over, in the very moment of the swap, that
    also sets the file's time back.
    """

    def __init__(self, state: DiskState, staged: Path | None, before: Mapping[str, FileState]) -> None:
        self.province = state.target.name
        self._standing, self._staged, self._before = state, staged, before
        written = len(state.wanting)
        self.written = WriteCounts(written, len(state.files) - written, len(state.differing) - written)
        self.made = {} if staged is None else file_states(staged, state.wanting)
        """The states of new files."""

    def put(self) -> None:
        """Swap it in, in one step. Raises OSError, and the old tree stands."""
        if self._staged is not None:
            swap(self._staged, self._standing.target)

    def back(self) -> None:
        """Swap the old tree in again. Raises OSError."""
        if self._staged is not None:
            swap_back(self._staged, self._standing.target)

    def kept(self) -> str | None:
        """Remove the old tree for good; the new one's signature, or None where somebody has changed it already."""
        found = self._before
        if self._staged is not None:
            remove(self._staged)
            found = file_states(self._standing.target, self._standing.files)
        if self._standing.files:
            return self._signature(found)
        with contextlib.suppress(OSError):
            # Only where it is empty: an emptied province may still hold somebody's files.
            self._standing.target.rmdir()
        return None

    def drop(self) -> None:
        """Remove what is left of it in the staging folder."""
        if self._staged is not None:
            remove(self._staged)

    def _signature(self, found: Mapping[str, FileState]) -> str | None:
        expected = {**self._before, **self.made}
        sound = found.keys() == self._files == expected.keys() and all(
            found[path] == file if path in self.made else same_file(found[path], file)
            for path, file in expected.items()
        )
        return signature(found) if sound else None

    @cached_property
    def _files(self) -> frozenset[str]:
        return frozenset(self._standing.files)


def prepare(tree: Tree, output: Path, place: Path) -> StagedTree:
    """Builds the tree in the staging folder ``place`` of ``output``, where it differs from ``output/<province>``.

    So that several provinces can change together or not at all, and no bytes are held in memory meanwhile. An empty
    tree takes the province away: the files that Milepost owns, and folders left empty. Raises
    ForeignFileError and OSError (disk full, no permission, a mount point).
    """
    state = DiskState(output / tree.province, tree)
    before = _states_before(state)
    if not state.differing:
        return StagedTree(state, None, before)
    state.refuse_conflicts()
    # The kernel refuses to rename a mount point; said here, before anything is built.
    if state.target.is_mount():
        raise OSError(
            errno.EBUSY, "this is a mount point, which cannot be replaced in one step", str(state.target)
        )
    staged = opened(place) / _NEW / state.target.name
    try:
        staged.mkdir(parents=True)
        build(staged, state)
        return StagedTree(state, staged, before)
    # An interrupt from the keyboard is no Exception, and must not leave half a tree behind
    # either.
    except BaseException:
        remove(staged)
        raise


def write(tree: Tree, output: Path) -> WriteCounts:
    """Makes ``output/<province>`` hold ``tree``. Raises as ``prepare``; the old tree stands as it stood."""
    output.mkdir(parents=True, exist_ok=True)
    with locked(output), contextlib.ExitStack() as stack:
        clean(output)
        prepared = prepare(tree, output, stack.enter_context(staging(output)))
        prepared.put()
        prepared.kept()
        return prepared.written


def difference(tree: Tree, output: Path) -> list[tuple[str, str]]:
    """Paths with ``missing``, ``changed`` or ``stale``, in order: what ``write`` would do. Writes nothing."""
    return sorted(DiskState(output / tree.province, tree).differing.items())


def _states_before(state: DiskState) -> Mapping[str, FileState]:
    """The states of files that may stay, taken before their content is compared."""
    found = file_states(state.target, state.files)
    # Taken again after the wait: an edit within the tick of the first look would have the same
    # time.
    return file_states(state.target, state.files) if settle(found.values()) else found
