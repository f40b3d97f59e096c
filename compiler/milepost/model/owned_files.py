"""Owned files: which files a tree's ``milepost.json`` lists, grouped so that two changes of two sections never touch.

Git merges two changes where a line that both left alone stands between them. So files are listed by folder, down to the
section, and nothing in the index counts anything of the whole province.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from milepost.model.merge_marks import conflict, sides
from milepost.model.tree import INDEX

_DEEPER = ("bootstrap",)
"""Folders that hold one for each kind of thing, and in it one for each section."""


class UnreadableIndexError(ValueError):
    """The bytes are no index that compile wrote."""


def grouped(files: Iterable[str]) -> dict[str, list[str]]:
    """Folder to the paths below it, all in order; the empty folder holds what stands in none."""
    found: dict[str, list[str]] = {}
    # By parts and not by text: `-` sorts before `/`, and `groups/a` would come after `groups/a-b`.
    for path in sorted(files, key=lambda path: path.split("/")):
        parts = path.split("/")
        deep = min(3 if parts[0] in _DEEPER else 2, len(parts) - 1)
        found.setdefault("/".join(parts[:deep]), []).append("/".join(parts[deep:]))
    return found


def listed(index: Any) -> Iterator[str]:
    """The paths that an index lists, in the form of today or as one list, as older ones have it. Whatever else stands
    there is left out: the index comes from a repository that people can edit."""
    files = index.get("files") if isinstance(index, Mapping) else None
    for folder, names in files.items() if isinstance(files, Mapping) else [("", files)]:
        for name in names if isinstance(names, list) else ():
            if isinstance(name, str):
                yield f"{folder}/{name}" if folder else name


def units(index: Any) -> frozenset[str]:
    """The folders that the agent builds each as one."""
    built = (path.rpartition("/")[0] for path in listed(index) if path.endswith("/kustomization.yaml"))
    return frozenset(unit for unit in built if unit != "sync" and not unit.startswith("releases/"))


def read(data: bytes) -> list[Any]:
    """The index as JSON; both sides of it where a merge left a conflict. Raises UnreadableIndexError."""
    try:
        return [json.loads(side) for side in ((data,) if conflict(data) is None else sides(data))]
    except (ValueError, RecursionError):
        raise UnreadableIndexError(f"not a {INDEX} that compile wrote") from None
