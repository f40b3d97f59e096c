"""Application nodes: which stations and nodes run an application, told from the rendered workloads.

Stations whose nodes carry the same labels run the same: that is how the compiler places. So one station of a kind is read
and looked at, not all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress

from milepost.publish.review.read.file_location import FileLocation, TreeLayout
from milepost.publish.review.read.join_lists import WORKLOADS, EdgeNode, NodeSelectorText, selector
from milepost.publish.review.read.tree_source import TreeSource, standing
from milepost.publish.review.read.yaml_documents import documents

_PART_OF = "app.kubernetes.io/part-of: "


@dataclass(slots=True)
class ApplicationNodes:
    """The nodes of applications in one of the two trees. Answers are kept, by application, province and the labels of a station's nodes."""

    side: TreeSource
    layout: TreeLayout
    _selectors: dict[object, tuple[NodeSelectorText, ...]] = field(default_factory=dict)
    _shared: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """Province to the files of its groups, read at once: a repository is asked once, not once for each group."""
    _read: dict[tuple[str, str, bytes], tuple[NodeSelectorText, ...]] = field(default_factory=dict)
    """By application, province, and a file in which its group is not named: most groups' files are one text."""
    _fitting: dict[object, dict[str, list[bool]]] = field(default_factory=dict)
    """By application, province and the selectors of a group, what a station's nodes look like to which of them fit."""

    def running(
        self, application: str, place: FileLocation, stations: Mapping[str, Sequence[EdgeNode]]
    ) -> Iterator[tuple[str, list[EdgeNode]]]:
        """Stations of a group that run the application, and those of their nodes that do; ``place`` is the group's."""
        shared = self._of_group(application, place)
        fitting = self._fitting.setdefault((application, place.province, shared), {})
        for station, nodes in stations.items():
            # Stations of one look are answered from memory; reading every station's file out of
            # Git would be tens of thousands of blobs.
            looks = _looks(nodes, station, place.group)
            if looks not in fitting:
                where = FileLocation("", place.province, "", "", place.group, station)
                chosen = (*self._of_station(application, where, looks), *shared)
                fitting[looks] = [any(one.fits(node, where) for one in chosen) for node in nodes]
            if fit := list(compress(nodes, fitting[looks])):
                yield station, fit

    def groups_of(self, province: str, release: str) -> list[str]:
        """The station groups whose list names a release, such as ``tolling-1.5.0``."""
        line = f"/releases/{release}\n".encode()
        paths = (f"{province}/groups/{group}/kustomization.yaml" for group in self.layout.groups(province))
        return [path.split("/")[2] for path, text in standing(self.side, paths).items() if line in text]

    def _of_station(self, application: str, where: FileLocation, looks: str) -> tuple[NodeSelectorText, ...]:
        key = (application, where.province, frozenset(looks.split("\n")))
        if key not in self._selectors:
            path = f"{where.province}/groups/{where.group}/{where.station}.yaml"
            data = next(iter(self.side.read([path]))) if path in self.side.entries else b""
            self._selectors[key] = _found(application, path, data, where)
        return self._selectors[key]

    def _of_group(self, application: str, place: FileLocation) -> tuple[NodeSelectorText, ...]:
        key = (application, place.province, "", place.group)
        if key not in self._selectors:
            path = f"{place.province}/groups/{place.group}/shared.yaml"
            data = self._shared_files(place.province).get(path, b"")
            # Before parsing: most groups' shared files are one text but for their name.
            shape = (application, place.province, data.replace(place.group.encode(), b"\0"))
            if shape not in self._read:
                self._read[shape] = _found(application, path, data, place)
            self._selectors[key] = self._read[shape]
        return self._selectors[key]

    def _shared_files(self, province: str) -> dict[str, bytes]:
        if province not in self._shared:
            paths = (f"{province}/groups/{group}/shared.yaml" for group in self.layout.groups(province))
            self._shared[province] = standing(self.side, paths)
        return self._shared[province]


def _found(application: str, path: str, data: bytes, place: FileLocation) -> tuple[NodeSelectorText, ...]:
    """Where the application's pods in a file may run."""
    mark = f"{_PART_OF}{application}\n"
    found = documents(path, data.decode("utf-8", "replace")) if mark.encode() in data else ()
    return tuple(
        selector(document.text, place)
        for document in found
        if document.identity.kind in WORKLOADS and mark in document.text
    )


def _looks(nodes: Sequence[EdgeNode], station: str, group: str) -> str:
    """A line for each node: all labels, with marks for the names of its station and group, which no label holds."""
    text = "\n".join([f"{node.architecture},{node.labels}," for node in nodes])
    return text.replace(f"={station},", "=1!,").replace(f"={group},", "=2!,")
