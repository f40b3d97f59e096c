"""File locations: which province, unit, station group and station a rendered path speaks of.

The layout of the tree is a promise of the compiler (``groups/<group>/<station>.yaml`` and so on); a path that does not
follow it has a province and a unit, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from milepost.model.manifest import unit_of
from milepost.model.tree import INDEX

STATION, SHARED, LISTING, RELEASE = "station", "shared", "listing", "release"
JOIN, TREE_INDEX, OTHER = "join", "index", "other"

_OF_THE_GROUP = ("kustomization.yaml", "shared.yaml")


@dataclass(frozen=True, slots=True)
class FileLocation:
    """The location of a rendered file.

    A file below the rendered folder. ``unit`` is ``<province>/<folder>``, as people name it.
    """

    path: str
    province: str
    unit: str
    role: str
    group: str = ""
    station: str = ""


class TreeLayout:
    """Knows the provinces, station groups and stations of a side, so that ``sync/<name>.yaml`` is known for a group's."""

    def __init__(self, paths: Iterable[str]) -> None:
        folders: defaultdict[str, list[str]] = defaultdict(list)
        for path in paths:
            folder, _, name = path.rpartition("/")
            folders[folder].append(name)
        self.provinces: dict[str, dict[str, list[str]]] = {}
        """Province to station group to stations."""
        self.join_lists: dict[str, list[str]] = {}
        """Province to the names of its join lists."""
        for folder, names in folders.items():
            province, *rest = folder.split("/")
            if not province:
                continue  # files beside the provinces
            groups = self.provinces.setdefault(province, {})
            if rest == ["bootstrap", "join"]:
                self.join_lists[province] = names
            if len(rest) == 2 and rest[0] == "groups":
                groups[rest[1]] = [name.removesuffix(".yaml") for name in names if name not in _OF_THE_GROUP]

    def groups(self, province: str) -> Mapping[str, Sequence[str]]:
        """Station groups of a province to their stations."""
        return self.provinces.get(province, {})

    def place(self, path: str) -> FileLocation:
        province, _, rest = path.partition("/")
        unit, name = unit_of(path), path.rpartition("/")[2]
        stem = name.rpartition(".")[0]
        role = _role(rest, name)
        if rest.startswith("groups/") and rest.count("/") == 2:
            return FileLocation(
                path, province, unit, role, rest.split("/")[1], stem if role == STATION else ""
            )
        # `sync/hn-g4.yaml` is about the group hn-g4; `sync/source.yaml` is about none.
        return FileLocation(path, province, unit, role, stem if stem in self.groups(province) else "")


def _role(rest: str, name: str) -> str:
    if rest.startswith("releases/"):
        return RELEASE
    if rest.startswith("bootstrap/join/"):
        return JOIN
    if rest == INDEX:
        return TREE_INDEX
    if name == "kustomization.yaml":
        return LISTING
    if rest.startswith("groups/") and rest.count("/") == 2:
        return SHARED if name == "shared.yaml" else STATION
    return OTHER
