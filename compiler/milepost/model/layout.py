"""Tree layout: which file of a rendered province is for what, in one table that writes paths and reads them.

``lower`` makes every path of a tree from a row of ``LAYOUT``; ``milepost.json`` records the rows; whoever reads a tree goes
by the record of that tree, which may be of another version of Milepost than the reader. Nothing else knows a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from milepost.model.tree import INDEX


class FileRole(StrEnum):
    """What a file is for; the value is the word in ``milepost.json``."""

    INDEX = "index"
    JOIN_LIST = "join-list"
    HOSTS = "hosts"
    """hosts.toml of the machines of a group, or of a station."""
    MACHINES = "machines"
    """What all machines of a province are set up with; no cluster reads it."""
    RELEASE = "release"
    """The pins of one version of an application."""
    LISTING = "listing"
    """What kustomize builds of a unit."""
    SHARED = "group-objects"
    """Objects of a station group, in its unit."""
    STATION = "station-objects"
    """Objects of one station, in its group's unit."""
    GROUP = "group-platform"
    """What a group is given by units of the province: a namespace, rights, a sync object."""
    SWITCH = "group-switch"
    """What syncs the part of a group that moves with a release, while it waits for its pre-pull."""
    CLOUD = "cloud-objects"
    """Objects of the province's own cluster that no edge node runs."""
    PROVINCE = "province-objects"
    """Everything else that stands once in a province."""


class FilePurpose(NamedTuple):
    """What one file is for. ``group``, ``station`` and ``release`` are empty where it is of none."""

    role: FileRole
    group: str = ""
    station: str = ""
    release: str = ""


class PathPattern(str):
    """A path below the province's folder, with holes: ``groups/{group}/{station}.yaml``."""

    __slots__ = ()

    def path(self, **names: str) -> str:
        return self.format_map(names)


STATION = PathPattern("groups/{group}/{station}.yaml")
STATION_PART = PathPattern("groups/{group}/{station}.{part}.yaml")
SHARED = PathPattern("groups/{group}/shared.yaml")
SHARED_PART = PathPattern("groups/{group}/shared.{part}.yaml")
EMPTY = PathPattern("groups/{group}/empty.yaml")
EDGE_APPLICATION = PathPattern("groups/{group}/edge.{part}.yaml")
PREPULL = PathPattern("groups/{group}/prepull.{part}.yaml")
PREPULL_MIRRORS = PathPattern("prepull/{wave}/{level}.mirrors.yaml")
PREPULL_WAVE = PathPattern("prepull/{wave}/{group}.yaml")
JOIN_LIST = PathPattern("bootstrap/join/{group}.tsv")
JOIN_SCRIPT = PathPattern("bootstrap/join/join.sh")
JOIN_VERSION = PathPattern("bootstrap/join/cluster.env")
JOIN_KERNEL = PathPattern("bootstrap/join/sysctl.conf")
EDGECORE = PathPattern("bootstrap/edgecore/{profile}/{access}/{part}")
"""Of a class of nodes: ``ROLES.yaml`` and ``ROLES.env``."""
PULL_PROXY = PathPattern("bootstrap/proxy/{group}/{access}.conf")
CLOUDCORE_FILE = PathPattern("bootstrap/cloudcore/{part}")
CLOUDCORE_UNIT = PathPattern("edge/cloudcore.yaml")
NODE_UPGRADE = PathPattern("bootstrap/upgrade/{wave}/{part}.yaml")
HAPROXY = PathPattern("bootstrap/haproxy/haproxy.cfg")
HOSTS_SCRIPT = PathPattern("bootstrap/hosts/hosts.sh")
HOSTS_GROUP = PathPattern("bootstrap/hosts/{group}/{registry}/hosts.toml")
HOSTS_STATION = PathPattern("bootstrap/hosts/{group}/{station}/{registry}/hosts.toml")
RELEASE = PathPattern("releases/{release}/kustomization.yaml")
LISTING_GROUP = PathPattern("groups/{group}/kustomization.yaml")
LISTING_SWITCH = PathPattern("switch/{group}.{application}/kustomization.yaml")
LISTING = PathPattern("{unit}/kustomization.yaml")
PLATFORM_CLUSTER = PathPattern("platform/{unit}/cluster.yaml")
PLATFORM_PREPULL = PathPattern("platform/{unit}/prepull.yaml")
PLATFORM_CLOUD = PathPattern("platform/{unit}/milepost-cloud.yaml")
PLATFORM_OBJECTS = PathPattern("platform/{unit}/objects.yaml")
"""Objects of the province from manifests of its own."""
PLATFORM_GROUP = PathPattern("platform/{unit}/{group}.yaml")
NODE_GROUP = PathPattern("edge/{group}.yaml")
CLOUD = PathPattern("cloud/{application}.yaml")
MIRROR = PathPattern("registry/{tier}.yaml")
CLUSTER_SETUP = PathPattern("bootstrap/{engine}/{part}")
"""What an agent's own configuration must hold; somebody with rights in the cluster puts it there."""
SYNC_CLOUD = PathPattern("sync/milepost-cloud.yaml")
SYNC_UNIT = PathPattern("sync/milepost-{unit}.yaml")
SYNC_GROUP = PathPattern("sync/{group}.yaml")
SYNC_SWITCH = PathPattern("sync/{group}.{application}.yaml")
SYNC_FILE = PathPattern("sync/{file}")
"""Of the province: ``source.yaml``, or ``milepost-edge.yaml`` of a unit."""
SYNC_SOURCE = tuple(PathPattern(f"sync/{name}.yaml") for name in ("source", "identity", "project"))

LAYOUT: Mapping[FileRole, tuple[PathPattern, ...]] = {
    FileRole.INDEX: (PathPattern(INDEX),),
    FileRole.JOIN_LIST: (JOIN_LIST,),
    FileRole.HOSTS: (HOSTS_GROUP, HOSTS_STATION, PULL_PROXY),
    FileRole.MACHINES: (
        HOSTS_SCRIPT,
        JOIN_SCRIPT,
        JOIN_VERSION,
        JOIN_KERNEL,
        EDGECORE,
        CLOUDCORE_FILE,
        NODE_UPGRADE,
        HAPROXY,
    ),
    FileRole.RELEASE: (RELEASE,),
    FileRole.LISTING: (LISTING_GROUP, LISTING_SWITCH, LISTING),
    FileRole.CLOUD: (CLOUD, PLATFORM_CLOUD, SYNC_CLOUD, CLUSTER_SETUP),
    FileRole.PROVINCE: (
        CLOUDCORE_UNIT,
        PLATFORM_CLUSTER,
        PLATFORM_PREPULL,
        PLATFORM_OBJECTS,
        PREPULL_MIRRORS,
        MIRROR,
        SYNC_UNIT,
        *SYNC_SOURCE,
    ),
    FileRole.SWITCH: (SYNC_SWITCH,),
    FileRole.SHARED: (SHARED, SHARED_PART, EMPTY, EDGE_APPLICATION, PREPULL),
    FileRole.STATION: (STATION, STATION_PART),
    FileRole.GROUP: (PLATFORM_GROUP, NODE_GROUP, SYNC_GROUP, PREPULL_WAVE),
}
"""Role to patterns. The first pattern that fits a path decides, so those without a name in a place stand before those with one."""

_FOR_MACHINES = "bootstrap/"
"""Above all that machines are set up with, and people who set clusters up; no agent reads it."""


def for_clusters(path: str) -> bool:
    """Whether a cluster's agent needs a file; all others stay where people review them."""
    return not path.startswith(_FOR_MACHINES)


_ONE_NAME = frozenset({"group", "station", "level", "application"})
"""Holes for a name without dots; ``unit`` may span folders, all others are one segment."""


Rows = Mapping[str, str]
"""Pattern to the word of its role; the first that fits a path decides."""


def record(layout: Mapping[FileRole, Sequence[str]] = LAYOUT) -> dict[str, str]:
    """``layout`` as ``milepost.json`` holds it; ``LayoutReader`` takes it back."""
    return {str(pattern): role.value for role, patterns in layout.items() for pattern in patterns}


class LayoutReader:
    """Reads paths by the record of one tree. Roles that this Milepost does not know are ``PROVINCE``: they may reach anything."""

    def __init__(self, rows: Rows) -> None:
        known = {role.value: role for role in FileRole}
        forms = [
            (pattern.partition("/")[0], known.get(role, FileRole.PROVINCE), re.compile(_expression(pattern)))
            for pattern, role in rows.items()
        ]
        # By first folder: a province has thousands of files below `groups`, and most rows are of
        # other folders.
        self._anywhere = [(role, form) for first, role, form in forms if "{" in first]
        self._below = {
            folder: [(role, form) for first, role, form in forms if first == folder or "{" in first]
            for folder, _, _ in forms
        }

    def purpose(self, path: str) -> FilePurpose:
        """Of a path below the province's folder. What no row fits is ``PROVINCE``: nobody said that it reaches less."""
        for role, form in self._below.get(path.partition("/")[0], self._anywhere):
            if found := form.fullmatch(path):
                names = found.groupdict()
                return FilePurpose(role, *(names.get(name) or "" for name in ("group", "station", "release")))
        return FilePurpose(FileRole.PROVINCE)


def reader(index: object) -> LayoutReader:
    """By a tree's ``milepost.json``, read as JSON; one that records no layout is of the first version, which had this one."""
    rows = index.get("layout") if isinstance(index, dict) else None
    sound = isinstance(rows, dict) and all(isinstance(role, str) for role in rows.values())
    return _reader(tuple(rows.items() if sound and rows is not None else record().items()))


@lru_cache(maxsize=64)
def _reader(rows: tuple[tuple[str, str], ...]) -> LayoutReader:
    # All provinces of a fleet have one layout: compiling its expressions 29 times takes longer
    # than reading them.
    return LayoutReader(dict(rows))


def taken(hole: str, layout: Mapping[FileRole, Sequence[str]] = LAYOUT) -> frozenset[str]:
    """Names that a group or a station must not have: a file of another kind has that path already."""
    patterns = [pattern for patterns in layout.values() for pattern in patterns]
    return frozenset(_clashes(hole, patterns))


def _clashes(hole: str, patterns: Sequence[str]) -> Iterable[str]:
    for pattern in patterns:
        folder, _, file = pattern.rpartition("/")
        # In the name of a file: a folder of that name is no other unit's, since none has a dot.
        if f"{{{hole}}}." not in file:
            continue
        fits = re.compile(_expression(file))
        for other in patterns:
            above, _, name = other.rpartition("/")
            # A folder with holes may be any that has other holes in the same places.
            same = re.fullmatch(_expression(folder), re.sub(r"\{[a-z]+\}", "x", above))
            if "{" not in name and same and (found := fits.fullmatch(name)):
                yield found[hole]


def _expression(pattern: str) -> str:
    pieces = re.split(r"\{([a-z]+)\}", pattern)
    text, seen = re.escape(pieces[0]), set[str]()
    for hole, literal in zip(pieces[1::2], pieces[2::2], strict=True):
        # A hole that comes again holds the same name again.
        text += f"(?P={hole})" if hole in seen else f"(?P<{hole}>{_form(hole)})"
        text += re.escape(literal)
        seen.add(hole)
    return text


def _form(hole: str) -> str:
    return ".+" if hole == "unit" else "[^/.]+" if hole in _ONE_NAME else "[^/]+"
