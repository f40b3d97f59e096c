"""A tree on disk, all or nothing: at any moment, killed or not, the folder is wholly the old tree or wholly the new.

Takes a Tree, makes ``output/<province>`` equal to it and touches nothing that Milepost does not own. The new tree is
built beside the old one and swapped in; if nothing differs, nothing is written. Refuses to overwrite a foreign file,
and to promise anything about power cuts: the next compile compares contents and repairs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from milepost.emit.atomic_swap import recover, staging, swap
from milepost.emit.disk_state import DiskState
from milepost.emit.ownership import ForeignFileError, owned
from milepost.emit.tree_build import build
from milepost.model.tree import Tree

__all__ = [
    "ForeignFileError",
    "StagedTree",
    "WriteCounts",
    "difference",
    "owned",
    "prepare",
    "remove",
    "write",
]


@dataclass(frozen=True, slots=True)
class WriteCounts:
    """Numbers of files."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass(slots=True)
class StagedTree:
    """A tree that stands ready beside the old one."""

    written: WriteCounts
    put: Callable[[], None]
    """Swaps it in, in one step."""


@contextlib.contextmanager
def prepare(tree: Tree, output: Path) -> Iterator[StagedTree]:
    """Builds the tree beside ``output/<province>``; what is not ``put`` by the end of the block is gone again.

    So that several provinces can change together or not at all, and no bytes are held in memory meanwhile. Raises as
    ``write``.
    """
    with _prepared(DiskState(output / tree.province, tree)) as prepared:
        yield prepared


def write(tree: Tree, output: Path) -> WriteCounts:
    """Makes ``output/<province>`` hold ``tree``.

    Raises ForeignFileError, BlockingIOError while another run writes the same province, and OSError (disk full, no
    permission); in each case the old tree stands as it stood.
    """
    return _replace(DiskState(output / tree.province, tree))


def remove(province: str, output: Path) -> WriteCounts:
    """Takes a province that is gone out of ``output``: the files that Milepost owns, and folders left empty."""
    target = output / province
    result = _replace(DiskState(target, {}))
    if result.removed and not any(target.iterdir()):
        target.rmdir()
    return result


def difference(tree: Tree, output: Path) -> list[tuple[str, str]]:
    """Paths with ``missing``, ``changed`` or ``stale``, in order: what ``write`` would do. Writes nothing."""
    return sorted(DiskState(output / tree.province, tree).differing.items())


def _replace(state: DiskState) -> WriteCounts:
    with _prepared(state) as prepared:
        prepared.put()
        return prepared.written


@contextlib.contextmanager
def _prepared(state: DiskState) -> Iterator[StagedTree]:
    recover(state.target)
    written = len(state.wanting)
    counts = WriteCounts(written, len(state.files) - written, len(state.differing) - written)
    if not state.differing:
        yield StagedTree(counts, lambda: None)
        return
    state.refuse_conflicts()
    state.target.parent.mkdir(parents=True, exist_ok=True)
    with staging(state.target) as directory:
        build(directory, state)
        yield StagedTree(counts, lambda: swap(directory, state.target))
