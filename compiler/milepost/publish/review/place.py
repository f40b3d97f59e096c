"""Where a rendered file stands: which province, unit, station group and station its path speaks of.

The layout of the tree is a promise of the compiler (``groups/<group>/<station>.yaml`` and so on); a path that does not
follow it has a province and a unit, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from milepost.model.manifest import unit_of
from milepost.model.tree import INDEX

STATION, SHARED, LISTING, RELEASE = "station", "shared", "listing", "release"
JOIN, TREE_INDEX, OTHER = "join", "index", "other"


@dataclass(frozen=True, slots=True)
class Place:
    """A file below the rendered folder. ``unit`` is ``<province>/<folder>``, as people name it."""

    path: str
    province: str
    unit: str
    role: str
    group: str = ""
    station: str = ""


class Layout:
    """Knows the station groups and stations of both sides, so that ``sync/<name>.yaml`` is known for a group's."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.stations: dict[tuple[str, str], list[str]] = {}
        for path in paths:
            parts = path.split("/")
            if len(parts) == 4 and parts[1] == "groups":
                stations = self.stations.setdefault((parts[0], parts[2]), [])
                if parts[3] not in ("kustomization.yaml", "shared.yaml"):
                    stations.append(parts[3].removesuffix(".yaml"))

    def place(self, path: str) -> Place:
        province, _, rest = path.partition("/")
        unit, name = unit_of(path), path.rpartition("/")[2]
        stem = name.rpartition(".")[0]
        role = _role(rest, name)
        if rest.startswith("groups/") and rest.count("/") == 2:
            return Place(path, province, unit, role, rest.split("/")[1], stem if role == STATION else "")
        return Place(path, province, unit, role, stem if (province, stem) in self.stations else "")

    def provinces(self) -> set[str]:
        return {province for province, _ in self.stations}


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
