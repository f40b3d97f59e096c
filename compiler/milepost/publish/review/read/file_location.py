"""File locations: which province, unit, station group and station a rendered path speaks of, by the tree's own record.

Each tree says in its ``milepost.json`` how its paths are made (``model.layout``); nothing is told from a name here. A file
that no row of the record fits has a province and a unit, and may reach all of the province.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from milepost.model.layout import FilePurpose, FileRole, LayoutReader, reader
from milepost.model.manifest import unit_of
from milepost.model.record import by_value
from milepost.model.tree import INDEX
from milepost.publish.review.read.tree_source import TreeSource, standing

STATION, SHARED, LISTING, RELEASE = FileRole.STATION, FileRole.SHARED, FileRole.LISTING, FileRole.RELEASE
JOIN, TREE_INDEX, GROUP, PROVINCE = FileRole.JOIN_LIST, FileRole.INDEX, FileRole.GROUP, FileRole.PROVINCE
SWITCH = FileRole.SWITCH


@by_value
class FileLocation:
    """The location of a rendered file.

    A file below the rendered folder. ``unit`` is ``<province>/<folder>``, as people name it.
    """

    path: str
    province: str
    unit: str
    role: FileRole
    group: str = ""
    station: str = ""
    release: str = ""


class TreeLayout:
    """What each file of a side is for, and which files are for a group. Paths are asked for once and kept."""

    def __init__(self, side: TreeSource) -> None:
        self._side = side
        self._folders: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for path in side.entries:
            province, _, rest = path.partition("/")
            if rest:  # files beside the provinces are of none
                folder, _, name = rest.rpartition("/")
                self._folders[province][folder].append(name)
        self._indexes: dict[str, Mapping[str, Any]] = {}
        self._readers: dict[str, LayoutReader] = {}
        self._groups: dict[str, dict[str, dict[FileRole, list[FileLocation]]]] = {}

    @property
    def provinces(self) -> Mapping[str, object]:
        """By name."""
        return self._folders

    def groups(self, province: str) -> Mapping[str, Mapping[FileRole, list[FileLocation]]]:
        """Station groups of a province to their files: those of their units and their join lists, by role."""
        if province not in self._groups:
            found: dict[str, dict[FileRole, list[FileLocation]]] = {}
            for place in self._of_groups(province):
                found.setdefault(place.group, {}).setdefault(place.role, []).append(place)
            self._groups[province] = found
        return self._groups[province]

    def place(self, path: str) -> FileLocation:
        province, _, rest = path.partition("/")
        purpose = self._reader(province).purpose(rest)
        # A name in the place of a group's that no group has: nobody said that it reaches less than
        # the province.
        if purpose.group and purpose.role is GROUP and purpose.group not in self.groups(province):
            purpose = FilePurpose(PROVINCE)
        return _located(path, province, purpose)

    def _of_groups(self, province: str) -> Iterator[FileLocation]:
        reading = self._reader(province)
        for folder, names in self._folders.get(province, {}).items():
            for name in names:
                path = f"{folder}/{name}" if folder else name
                purpose = reading.purpose(path)
                if purpose.group and purpose.role in (STATION, SHARED, LISTING, JOIN):
                    yield _located(f"{province}/{path}", province, purpose)

    def _reader(self, province: str) -> LayoutReader:
        if province not in self._readers:
            self._readers[province] = reader(self.index(province))
        return self._readers[province]

    def index(self, province: str) -> Mapping[str, Any]:
        """The index of a province's tree; empty where there is none, or none that can be read: people can edit it."""
        if province not in self._indexes:
            path = f"{province}/{INDEX}"
            self._indexes[province] = _index(standing(self._side, [path]).get(path, b""))
        return self._indexes[province]


def _located(path: str, province: str, purpose: FilePurpose) -> FileLocation:
    return FileLocation(path, province, unit_of(path), *purpose)


def _index(data: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
