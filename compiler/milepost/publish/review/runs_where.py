"""Which stations and nodes run an application, told from the rendered workloads.

Stations whose nodes carry the same labels run the same: that is how the compiler places. So one station of a kind is read,
and one node of a kind is looked at, not all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from milepost.publish.review.documents import documents
from milepost.publish.review.place import Layout, Place
from milepost.publish.review.pods import WORKLOADS, EdgeNode, Selector, selector
from milepost.publish.review.side import Side

_PART_OF = "app.kubernetes.io/part-of: "


@dataclass(slots=True)
class Applications:
    """Of one side. Answers are kept: by application, province and what the nodes of a station look like."""

    side: Side
    layout: Layout
    _selectors: dict[object, tuple[Selector, ...]] = field(default_factory=dict)
    _shared: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """Province to the files of its groups, read at once: a repository is asked once, not once for each group."""
    _read: dict[tuple[str, str, bytes], tuple[Selector, ...]] = field(default_factory=dict)
    """By application, province, and a file in which its group is not named: most groups' files are one text."""
    _fitting: dict[tuple[Selector, ...], dict[str, bool]] = field(default_factory=dict)
    """By the selectors of a station and its group, what a node looks like to whether it fits."""

    def nodes(
        self, application: str, place: Place, station: str, nodes: Sequence[EdgeNode]
    ) -> list[EdgeNode]:
        """Those of a station's nodes that run the application; ``place`` is the station group's."""
        where = Place("", place.province, "", "", place.group, station)
        looks = [_looks(node, where) for node in nodes]
        chosen = (*self._of_station(application, where, looks), *self._of_group(application, place))
        fitting = self._fitting.setdefault(chosen, {})
        for node, look in zip(nodes, looks, strict=True):
            if look not in fitting:
                fitting[look] = any(one.fits(node, where) for one in chosen)
        return [node for node, look in zip(nodes, looks, strict=True) if fitting[look]]

    def groups_of(self, province: str, release: str) -> list[str]:
        """The station groups whose list names a release, such as ``tolling-1.5.0``."""
        groups = [group for name, group in self.layout.stations if name == province]
        line = f"/releases/{release}\n".encode()
        paths = {group: f"{province}/groups/{group}/kustomization.yaml" for group in groups}
        standing = [group for group in groups if paths[group] in self.side.entries]
        texts = self.side.read([paths[group] for group in standing])
        return [group for group, text in zip(standing, texts, strict=True) if line in text]

    def _of_station(self, application: str, where: Place, looks: Sequence[str]) -> tuple[Selector, ...]:
        key = (application, where.province, frozenset(looks))
        if key not in self._selectors:
            path = f"{where.province}/groups/{where.group}/{where.station}.yaml"
            data = next(iter(self.side.read([path]))) if path in self.side.entries else b""
            self._selectors[key] = _found(application, path, data, where)
        return self._selectors[key]

    def _of_group(self, application: str, place: Place) -> tuple[Selector, ...]:
        key = (application, place.province, "", place.group)
        if key not in self._selectors:
            path = f"{place.province}/groups/{place.group}/shared.yaml"
            data = self._shared_files(place.province).get(path, b"")
            shape = (application, place.province, data.replace(place.group.encode(), b"\0"))
            if shape not in self._read:
                self._read[shape] = _found(application, path, data, place)
            self._selectors[key] = self._read[shape]
        return self._selectors[key]

    def _shared_files(self, province: str) -> dict[str, bytes]:
        if province not in self._shared:
            groups = [group for name, group in self.layout.stations if name == province]
            paths = [f"{province}/groups/{group}/shared.yaml" for group in groups]
            standing = [path for path in paths if path in self.side.entries]
            self._shared[province] = dict(zip(standing, self.side.read(standing), strict=True))
        return self._shared[province]


def _found(application: str, path: str, data: bytes, place: Place) -> tuple[Selector, ...]:
    """Where the application's pods in a file may run."""
    text, mark = data.decode("utf-8", "replace"), f"{_PART_OF}{application}\n"
    found = documents(path, text) if mark in text else ()
    return tuple(
        selector(document.text, place)
        for document in found
        if document.identity.kind in WORKLOADS and mark in document.text
    )


def _looks(node: EdgeNode, place: Place) -> str:
    """All labels, with marks for the node's own name and its station's and group's: no label holds such a character."""
    labels = node.labels.replace(f"={node.name},", "=1!,")
    return labels.replace(f"={place.station},", "=2!,").replace(f"={place.group},", "=3!,")
