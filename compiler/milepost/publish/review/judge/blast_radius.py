"""Blast radius of a change: stations, nodes and units, counted from the trees themselves.

A station-wide object reaches its station; a group-wide workload the nodes that its pods may run on; a version that a group
moves to, the stations and nodes that run the application. What only follows from the rest reaches nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from milepost.publish.review.classify.change_classes import ChangeClass, VariantSite
from milepost.publish.review.classify.compare import Comparison
from milepost.publish.review.classify.edit import EditAction, EditScope
from milepost.publish.review.classify.effects import Effect
from milepost.publish.review.read.application_nodes import ApplicationNodes
from milepost.publish.review.read.file_location import JOIN, LISTING, RELEASE, FileLocation, TreeLayout
from milepost.publish.review.read.join_lists import (
    WORKLOADS,
    EdgeNode,
    JoinLists,
    NodeSelectorText,
    selector_of,
)
from milepost.publish.review.read.tree_source import TreeSource
from milepost.publish.review.read.yaml_fields import release

Named = tuple[str, str]
"""Province and name."""


@dataclass(slots=True)
class BlastRadius:
    """The blast radius of a change. Stations and nodes by province and name; units as ``<province>/<folder>``."""

    stations: set[Named] = field(default_factory=set)
    nodes: set[Named] = field(default_factory=set)
    units: set[str] = field(default_factory=set)

    def add(self, other: BlastRadius) -> None:
        self.stations |= other.stations
        self.nodes |= other.nodes
        self.units |= other.units

    @classmethod
    def together(cls, parts: Iterable[BlastRadius]) -> BlastRadius:
        total = cls()
        for part in parts:
            total.add(part)
        return total


class BlastRadiusCounter:
    """Counts for the classes of one comparison. Removals count on the old side, all else on the new."""

    def __init__(self, comparison: Comparison) -> None:
        self._sides = tuple(
            _View(side, layout, JoinLists(side, layout), ApplicationNodes(side, layout))
            for side, layout in ((comparison.base, comparison.before), (comparison.head, comparison.after))
        )

    def of(self, found: ChangeClass, effect: Effect) -> dict[str, BlastRadius]:
        """By province."""
        reach: dict[str, BlastRadius] = {}
        # Only a whole object that goes is on the old side alone; a field that goes belongs to
        # pods that stay.
        view = self._sides[0 if found.key.action is EditAction.REMOVE and not found.key.field else 1]
        chosen = None if effect is Effect.FOLLOWS else _selector_of(found, view)
        for site in found.sites:
            province = site.place.province
            radius = reach.setdefault(province, BlastRadius())
            radius.units.add(site.place.unit)
            if effect is Effect.FOLLOWS:
                continue
            for station, nodes in _reached(found, site, effect, view, chosen):
                radius.stations.add((province, station))
                radius.nodes.update([(province, node.name) for node in nodes])
        return reach


@dataclass(frozen=True, slots=True)
class _View:
    side: TreeSource
    layout: TreeLayout
    joins: JoinLists
    applications: ApplicationNodes
    groups: dict[Named, dict[str, list[EdgeNode]]] = field(default_factory=dict)

    def group(self, place: FileLocation) -> Mapping[str, list[EdgeNode]]:
        """Nodes by station; stations without nodes as well."""
        key = (place.province, place.group)
        if key not in self.groups:
            stations = self.layout.groups(place.province).get(place.group, ())
            found: dict[str, list[EdgeNode]] = {name: [] for name in stations}
            for node in self.joins.nodes(*key):
                found.setdefault(node.station, []).append(node)
            self.groups[key] = found
        return self.groups[key]

    def province(self, place: FileLocation) -> dict[str, list[EdgeNode]]:
        found: dict[str, list[EdgeNode]] = {}
        for group in self.layout.groups(place.province):
            found |= self.group(FileLocation("", place.province, "", "", group))
        return found


def _reached(
    found: ChangeClass, site: VariantSite, effect: Effect, view: _View, chosen: NodeSelectorText | None
) -> Iterable[tuple[str, list[EdgeNode]]]:
    place, role = site.place, found.key.role
    if role == JOIN:
        return _row(site, view)
    if role == LISTING:
        return _running(found.key.field, place, view, [place.group] if place.group else [])
    if role == RELEASE:
        name = place.path.split("/")[2]
        return _running(
            f"[{release(name)[0]}]", place, view, view.applications.groups_of(place.province, name)
        )
    stations: Mapping[str, list[EdgeNode]] = view.group(place) if place.group else {}
    if place.station:
        stations = {place.station: stations.get(place.station, [])}
    if chosen is not None:
        return _matching(stations, chosen, place)
    # An object of no group (a CRD, the mirrors of a province) that restarts or removes pods may
    # reach every station.
    if not place.group and effect.severity >= Effect.RESTARTS.severity:
        stations = view.province(place)
    whole = found.key.scope is not EditScope.OBJECT and effect.severity >= Effect.RESTARTS.severity
    return [(station, nodes if whole else []) for station, nodes in stations.items()]


def _matching(
    stations: Mapping[str, list[EdgeNode]], chosen: NodeSelectorText, place: FileLocation
) -> Iterator[tuple[str, list[EdgeNode]]]:
    for station, nodes in stations.items():
        fit = [node for node in nodes if chosen.fits(node, place)]
        if fit or place.station:
            yield station, fit


def _row(site: VariantSite, view: _View) -> Iterator[tuple[str, list[EdgeNode]]]:
    """A node of a join list, on whichever side it stands."""
    name = site.subject.identity.name
    for station, nodes in view.group(site.place).items():
        if found := [node for node in nodes if node.name == name]:
            yield station, found


def _running(
    field: str, place: FileLocation, view: _View, groups: Iterable[str]
) -> Iterator[tuple[str, list[EdgeNode]]]:
    """The stations and nodes of ``groups`` that run the application named in ``components[name]``."""
    application = field.partition("[")[2].rstrip("]")
    for group in groups:
        where = FileLocation("", place.province, "", "", group)
        yield from view.applications.running(application, where, view.group(where))


def _selector_of(found: ChangeClass, view: _View) -> NodeSelectorText | None:
    """Where the pods of a workload's class may run, as it is written at the class's first place."""
    if found.key.kind not in WORKLOADS or found.key.scope is not EditScope.OBJECT:
        return None
    # One for all: places of a class differ in their names, which are marks in the selector.
    site = next(iter(found.sites))
    return selector_of(view.side, site.place, site.subject.identity)
