"""Which stations and nodes run an application, told from the rendered workloads.

Stations whose nodes carry the same labels run the same: that is how the compiler places. So one station of a kind is read,
not all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    _selectors: dict[tuple[str, ...], tuple[Selector, ...]] = field(default_factory=dict)

    def nodes(
        self, application: str, place: Place, station: str, nodes: Sequence[EdgeNode]
    ) -> list[EdgeNode]:
        """Those of a station's nodes that run the application; ``place`` is the station group's."""
        where = Place("", place.province, "", "", place.group, station)
        found = (*self._of_station(application, where, nodes), *self._of_group(application, place))
        return [node for node in nodes if any(chosen.fits(node, where) for chosen in found)]

    def groups_of(self, province: str, release: str) -> list[str]:
        """The station groups whose list names a release, such as ``tolling-1.5.0``."""
        groups = [group for name, group in self.layout.stations if name == province]
        line = f"/releases/{release}\n".encode()
        paths = {group: f"{province}/groups/{group}/kustomization.yaml" for group in groups}
        standing = [group for group in groups if paths[group] in self.side.entries]
        texts = self.side.read([paths[group] for group in standing])
        return [group for group, text in zip(standing, texts, strict=True) if line in text]

    def _of_station(self, application: str, where: Place, nodes: Sequence[EdgeNode]) -> tuple[Selector, ...]:
        key = (application, where.province, *sorted(_looks(node, where) for node in nodes))
        if key not in self._selectors:
            path = f"{where.province}/groups/{where.group}/{where.station}.yaml"
            self._selectors[key] = tuple(self._read(application, path, where))
        return self._selectors[key]

    def _of_group(self, application: str, place: Place) -> tuple[Selector, ...]:
        key = (application, place.province, "", place.group)
        if key not in self._selectors:
            path = f"{place.province}/groups/{place.group}/shared.yaml"
            self._selectors[key] = tuple(self._read(application, path, place))
        return self._selectors[key]

    def _read(self, application: str, path: str, place: Place) -> Iterable[Selector]:
        if path not in self.side.entries:
            return
        text = next(iter(self.side.read([path]))).decode("utf-8", "replace")
        for document in documents(path, text):
            if document.identity.kind in WORKLOADS and f"{_PART_OF}{application}\n" in document.text:
                yield selector(document.text, place)


def _looks(node: EdgeNode, place: Place) -> str:
    """All labels, without the node's own name and its station's and group's."""
    labels = node.labels
    for name in (node.name, place.station, place.group):
        labels = labels.replace(f"={name},", "=,")
    return labels
