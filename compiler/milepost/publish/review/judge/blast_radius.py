"""Blast radius of a change: which nodes and stations have an object that the change touches, on either side.

Exact by what stands in the trees: a workload reaches the nodes that its pods may run on before or after, a version the
nodes whose pods have an image that it pins otherwise, a ConfigMap those whose pods name it, and what is said of a station,
a group or a province all nodes there. Lists of files and the index reach nobody. What a change does is not asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from milepost.model import kinds, layout
from milepost.model.layout import FileRole
from milepost.publish.review.classify.change_classes import ChangeClass, Variant, VariantSite
from milepost.publish.review.classify.compare import Comparison
from milepost.publish.review.classify.edit import EditScope
from milepost.publish.review.read.file_location import JOIN, LISTING, RELEASE, SWITCH, FileLocation
from milepost.publish.review.read.join_lists import PODS, WORKLOADS, EdgeNode
from milepost.publish.review.read.place_abstraction import fill
from milepost.publish.review.read.release_pins import different, named_releases, pins
from milepost.publish.review.read.tree_side import TreeSide
from milepost.publish.review.read.yaml_documents import ObjectIdentity

Named = tuple[str, str]
"""Province and name."""
Reached = Mapping[str, Iterable[EdgeNode]]
"""Station to nodes."""

_NOBODY = frozenset({FileRole.INDEX, FileRole.CLOUD})
_READ_BY_PODS = frozenset(
    {
        kinds.CONFIG_MAP.name,
        kinds.SECRET.name,
        kinds.PERSISTENT_VOLUME_CLAIM.name,
        kinds.SERVICE_ACCOUNT.name,
    }
)


@dataclass(slots=True)
class BlastRadius:
    """The blast radius of a change. Stations and nodes by province and name; units as ``<province>/<folder>``.

    ``now`` are those of the nodes that have the touched objects before the change, and so are their stations and groups.
    """

    stations: set[Named] = field(default_factory=set)
    nodes: set[Named] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    now: set[Named] = field(default_factory=set)
    stations_now: set[Named] = field(default_factory=set)
    groups: set[Named] = field(default_factory=set)
    groups_now: set[Named] = field(default_factory=set)

    def add(self, other: BlastRadius) -> None:
        self.stations |= other.stations
        self.nodes |= other.nodes
        self.units |= other.units
        self.now |= other.now
        self.stations_now |= other.stations_now
        self.groups |= other.groups
        self.groups_now |= other.groups_now

    @classmethod
    def together(cls, parts: Iterable[BlastRadius]) -> BlastRadius:
        total = cls()
        for part in parts:
            total.add(part)
        return total


class BlastRadiusCounter:
    """Counts for the classes of one comparison."""

    def __init__(self, comparison: Comparison) -> None:
        self._before, self._after = comparison.before, comparison.after
        self._images: dict[tuple[str, str, bool], frozenset[str]] = {}

    def of(self, found: ChangeClass) -> dict[str, BlastRadius]:
        """By province."""
        reach: dict[str, BlastRadius] = {}
        for variant in found.variants:
            for site in variant.sites:
                radius = reach.setdefault(site.place.province, BlastRadius())
                radius.units.add(site.place.unit)
                for side in (self._before, self._after):
                    self._add(radius, self._reached(found, variant, site, side), site, side)
        return reach

    def _add(self, radius: BlastRadius, reached: Reached, site: VariantSite, side: TreeSide) -> None:
        province = site.place.province
        for station, nodes in reached.items():
            radius.stations.add((province, station))
            group = (province, side.group_of(province, station))
            radius.groups.add(group)
            named = [(province, node.name) for node in nodes]
            radius.nodes.update(named)
            if side is self._before and named:
                radius.now.update(named)
                radius.stations_now.add((province, station))
                radius.groups_now.add(group)

    def _reached(self, found: ChangeClass, variant: Variant, site: VariantSite, side: TreeSide) -> Reached:
        place, scope = site.place, found.key.scope
        if place.role in _NOBODY:
            return {}
        if place.role == JOIN:
            return dict(_row(site, side))
        if place.role in (LISTING, RELEASE):
            return self._pulled(found, variant, site, side)
        if place.role == SWITCH:
            return side.running(place.province, [place.group], self._moving(place, side))
        if scope in (EditScope.PROVINCE, EditScope.GROUP, EditScope.STATION):
            return side.at(place)
        return _of_object(site, side, site.subject.was if side is self._before else None)

    def _pulled(self, found: ChangeClass, variant: Variant, site: VariantSite, side: TreeSide) -> Reached:
        """Whose pods would be started from another image."""
        place, field = site.place, site.subject.field
        name = field.partition("[")[2].rpartition("]")[0]
        if place.role == RELEASE:
            groups = side.groups_with(place.province, place.release)
            # A whole file of pins comes or goes with the lines that name it, and those are counted.
            return side.running(place.province, groups, frozenset([name] if name else []))
        if field.startswith("components["):
            images = self._repinned(place.province, variant, place)
        else:
            images = frozenset([name] if field.startswith("images[") else [])
        return side.running(place.province, [place.group] if place.group else [], images)

    def _moving(self, place: FileLocation, side: TreeSide) -> frozenset[str]:
        """The images of the application whose unit waits."""
        application = place.path.rpartition("/")[2].split(".")[1]
        key = (place.province, application, side is self._before)
        if key not in self._images:
            start = layout.RELEASE.path(release=f"{application}-").removesuffix("/kustomization.yaml")
            releases = {
                path.split("/")[2]
                for path in side.source.entries
                if path.startswith(f"{place.province}/{start}")
            }
            named = pins(side.source, place.province, sorted(releases))
            self._images[key] = frozenset(name for name in named if name.startswith(f"{application}/"))
        return self._images[key]

    def _repinned(self, province: str, variant: Variant, place: FileLocation) -> frozenset[str]:
        old, new = (named_releases(fill(variant.text(sign), place)) for sign in "-+")
        return different(pins(self._before.source, province, old), pins(self._after.source, province, new))


def _row(site: VariantSite, side: TreeSide) -> Iterator[tuple[str, list[EdgeNode]]]:
    """A node of a join list."""
    name = site.subject.identity.name
    for station, nodes in side.stations(site.place.province, site.place.group).items():
        if found := [node for node in nodes if node.name == name]:
            yield station, found


def _of_object(site: VariantSite, side: TreeSide, was: ObjectIdentity | None) -> Reached:
    place, identity = site.place, was or site.subject.identity
    if place.path not in side.source.entries:
        return {}
    # What runs in the province's own cluster, a mirror, serves all of it.
    central = not place.group and identity.kind in WORKLOADS
    if identity.kind in PODS and not central:
        found = side.workload(place, identity)
        return {} if found is None else side.fitting(found, place)
    if identity.kind in _READ_BY_PODS and place.group:
        return _readers(site, side) or side.at(place)
    return side.at(place)


def _readers(site: VariantSite, side: TreeSide) -> Reached:
    """Whose pods name an object; nobody where none does, or none is known to."""
    place, name = site.place, site.subject.identity.name
    reached: dict[str, list[EdgeNode]] = {}
    for where, workloads in side.workloads.of_group(place.province, place.group, place.station):
        for found in workloads:
            if name in {fill(one, where) for one in found.reads}:
                for station, nodes in side.fitting(found, where).items():
                    reached.setdefault(station, []).extend(nodes)
    return reached
