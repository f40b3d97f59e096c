"""Publishable trees: the files that a province's own ``milepost.json`` lists, whole or not at all.

What stands in the folder and is not listed is not Milepost's, and is not published; nor is what machines and their
people need, and no cluster reads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from milepost.model import layout
from milepost.model.merge_marks import conflict
from milepost.model.owned_files import listed
from milepost.model.tree import INDEX
from milepost.publish.review.read.tree_source import REGULAR, TreeEntry, blob_id


class IncompleteTreeError(RuntimeError):
    """A rendered folder is not a whole province: nothing of it may be published."""


@dataclass(frozen=True)
class ProvinceTree:
    """A publishable tree. ``files`` are paths below ``root``, sorted: those that a cluster needs."""

    province: str
    root: Path
    files: tuple[str, ...]
    _named: dict[str, Mapping[str, TreeEntry]] = field(default_factory=dict)

    def read(self, path: str) -> bytes:
        data = (self.root / path).read_bytes()
        _no_conflict(self.root / path, data)
        return data

    def named(self, algorithm: str) -> Mapping[str, TreeEntry]:
        """What Git calls each file, in a repository of that hash."""
        if algorithm not in self._named:
            self._named[algorithm] = {
                path: TreeEntry.of(REGULAR, blob_id(self.read(path), algorithm)) for path in self.files
            }
        return self._named[algorithm]

    @cached_property
    def digest(self) -> str:
        """``sha256:…``, as ``sha256sum`` over the sorted output of ``sha256sum`` of every file."""
        total = hashlib.sha256()
        for path in self.files:
            total.update(f"{hashlib.sha256(self.read(path)).hexdigest()}  {path}\n".encode())
        return f"sha256:{total.hexdigest()}"


def trees(rendered: Path, provinces: Iterable[str] = ()) -> list[ProvinceTree]:
    """Every province of a rendered folder, in order of name; those asked for, where any are.

    Raises IncompleteTreeError for a province that is not there, and for a listed file that is missing.
    """
    names = sorted(provinces) or sorted(path.parent.name for path in rendered.glob(f"*/{INDEX}"))
    if not names:
        raise IncompleteTreeError(f"{rendered} holds no province's tree: no folder of it has a {INDEX}")
    return [_tree(rendered / name) for name in names]


def _tree(root: Path) -> ProvinceTree:
    try:
        data = (root / INDEX).read_bytes()
        _no_conflict(root / INDEX, data)
        index = json.loads(data)
        province, owned = str(index["province"]), list(listed(index))
        if not owned:
            raise ValueError
    except FileNotFoundError:
        raise IncompleteTreeError(f"{root} holds no province's tree: it has no {INDEX}") from None
    except (ValueError, KeyError, TypeError):
        raise IncompleteTreeError(f"{root / INDEX} is not an index that compile wrote") from None
    missing = [path for path in owned if not _is_inside(root, path)]
    # A folder that was copied or renamed by hand would be published to another province's
    # clusters.
    if province != root.name or missing:
        shown = missing[0] if missing else f"the tree of {province}"
        raise IncompleteTreeError(f"{root} is not whole: {shown} is not there; compile again")
    return ProvinceTree(province, root, tuple(sorted(path for path in owned if layout.for_clusters(path))))


def _no_conflict(path: Path, data: bytes) -> None:
    if conflict(data) is not None:
        message = f"{path} holds the marks of a merge: compile again, which writes it anew"
        raise IncompleteTreeError(message)


def _is_inside(root: Path, path: str) -> bool:
    safe = all(part not in ("", ".", "..") for part in path.split("/"))
    # A link could lead anywhere, and its target would go to every cluster that pulls the tree.
    return safe and (root / path).is_file() and not (root / path).is_symlink()
