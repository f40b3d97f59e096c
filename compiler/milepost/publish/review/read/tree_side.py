"""Tree sides: one of the two trees of a review, and what was read of it: its layout, its nodes, its workloads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from milepost.publish.review.read.file_location import LISTING, STATION, FileLocation, TreeLayout
from milepost.publish.review.read.join_lists import EdgeNode, JoinLists
from milepost.publish.review.read.place_abstraction import fill
from milepost.publish.review.read.tree_source import TreeSource, standing
from milepost.publish.review.read.unit_workloads import UnitWorkload, UnitWorkloads
from milepost.publish.review.read.yaml_documents import ObjectIdentity

Nodes = Iterator[tuple[EdgeNode, FileLocation]]


class TreeSide:
    """One side of a review. Everything is read when somebody asks, and once."""

    def __init__(self, source: TreeSource) -> None:
        self.source = source
        self.layout = TreeLayout(source)
        self.joins = JoinLists(source, self.layout)
        self.workloads = UnitWorkloads(source, self.layout)
        self._groups: dict[str, dict[str, str]] = {}
        self._stations: dict[tuple[str, str], dict[str, list[EdgeNode]]] = {}

    def stations(self, province: str, group: str) -> Mapping[str, list[EdgeNode]]:
        """Stations of a group to their nodes; those that have files and no nodes as well."""
        key = (province, group)
        if key not in self._stations:
            files = self.layout.groups(province).get(group, {}).get(STATION, ())
            found: dict[str, list[EdgeNode]] = {place.station: [] for place in files}
            for node in self.joins.nodes(province, group):
                found.setdefault(node.station, []).append(node)
            self._stations[key] = found
        return self._stations[key]

    def group_of(self, province: str, station: str) -> str:
        """Empty for a station that the side does not know."""
        if province not in self._groups:
            groups = self.layout.groups(province)
            self._groups[province] = {
                name: group for group in groups for name in self.stations(province, group)
            }
        return self._groups[province].get(station, "")

    def at(self, place: FileLocation) -> dict[str, list[EdgeNode]]:
        """Stations that a file speaks of, to their nodes: its own, all of its group, or all of the province."""
        if place.station:
            own = self.stations(place.province, place.group)
            return {place.station: own[place.station]} if place.station in own else {}
        groups = [place.group] if place.group else list(self.layout.groups(place.province))
        return {
            name: nodes for group in groups for name, nodes in self.stations(place.province, group).items()
        }

    def workload(self, place: FileLocation, identity: ObjectIdentity) -> UnitWorkload | None:
        """One of the file at ``place``; None where the side has no such file or object."""
        for found in self.workloads.of_file(place):
            own = found.identity
            if own.kind == identity.kind and (fill(own.name, place), fill(own.namespace, place)) == (
                identity.name,
                identity.namespace,
            ):
                return found
        return None

    def fitting(self, found: UnitWorkload, place: FileLocation) -> dict[str, list[EdgeNode]]:
        """Stations with nodes on which a workload of the file at ``place`` may run, to those nodes."""
        fit = {
            station: [node for node in nodes if found.selector.fits(node, place)]
            for station, nodes in self.at(place).items()
        }
        return {station: nodes for station, nodes in fit.items() if nodes}

    def groups_with(self, province: str, release: str) -> list[str]:
        """The station groups whose list names a release, such as ``tolling-1.5.0``."""
        line = f"/releases/{release}\n".encode()
        lists = {
            place.path: group
            for group, files in self.layout.groups(province).items()
            for place in files.get(LISTING, ())
        }
        return [lists[path] for path, text in standing(self.source, lists).items() if line in text]

    def running(
        self, province: str, groups: Iterable[str], images: frozenset[str]
    ) -> dict[str, list[EdgeNode]]:
        """Stations of ``groups`` where pods with one of ``images`` may run, to those nodes."""
        reached: dict[str, dict[str, EdgeNode]] = {}
        for group in groups if images else ():
            for place, workloads in self.workloads.of_group(province, group):
                for found in workloads:
                    if not images.isdisjoint(found.images):
                        for station, nodes in self.fitting(found, place).items():
                            reached.setdefault(station, {}).update({node.name: node for node in nodes})
        return {station: list(nodes.values()) for station, nodes in reached.items()}
