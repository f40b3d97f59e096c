"""Matched selectors: which selectors of the shared documents fit anything in a province."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.model.fleet import Catalog, Node, Province, Station
from milepost.model.matches import Matches, application_key, component_key, node_group_key, wave_key
from milepost.model.plan import Plan
from milepost.plan.placement.selector_matching import mentioned_labels, node_fits


def matches(plan: Plan) -> Matches:
    """The selectors that fit a station or a node of the province, and the labels that are there to be selected."""
    catalog, province = plan.fleet.catalog, plan.fleet.province
    kinds = _kinds(province)
    found = {*_placed(plan), *_waves(catalog, province), *_node_groups(catalog, kinds)}
    return Matches(frozenset(found), _labels(catalog, kinds))


def _placed(plan: Plan) -> Iterator[str]:
    for shape in plan.placement.signatures:
        yield from (application_key(plan.fleet.of_key(key).name) for key in shape.applications)
        # What a release has not brought yet fits here as well.
        yield from (application_key(load.application) for load in shape.resting)
        for load in (*shape.loads, *shape.resting):
            # A component that is placed at a station but fits no node of it has matched
            # nothing: that is what a misspelt role looks like.
            if load.nodes:
                yield from (component_key(load.application, name) for name in load.members)


def _waves(catalog: Catalog, province: Province) -> Iterator[str]:
    there = {group.name for group in province.groups if group.stations}
    for release in catalog.releases:
        for wave in release.waves:
            if not there.isdisjoint(wave.groups):
                yield wave_key(release.name, wave.name)


def _kinds(province: Province) -> list[tuple[Node, Station]]:
    """A node of each kind: those with the same profile, roles and labels are the same to every selector."""
    found: dict[object, tuple[Node, Station]] = {}
    for group in province.groups:
        for station in group.stations:
            for node in station.nodes:
                # By identity: most nodes have the labels of their station, or of its group.
                found.setdefault(
                    (station.type, node.profile.name, node.roles, id(node.labels)), (node, station)
                )
    return list(found.values())


def _node_groups(catalog: Catalog, kinds: list[tuple[Node, Station]]) -> Iterator[str]:
    for group in catalog.node_groups:
        if any(node_fits(group.selector, node, station) for node, station in kinds):
            yield node_group_key(group.name)


def _labels(catalog: Catalog, kinds: list[tuple[Node, Station]]) -> frozenset[str]:
    """Of stations as well: applications select by them, and their nodes carry the same."""
    selectors = [
        s for a in (*catalog.applications, *catalog.editions) for c in a.components for s in c.selector
    ]
    selectors += [s for group in catalog.node_groups for s in group.selector]
    keys = mentioned_labels([*selectors, *(a.stations for a in catalog.applications)])
    holders = [labels for node, station in kinds for labels in (node.labels, station.labels)]
    return frozenset(f"{key}={labels[key].value}" for labels in holders for key in keys & labels.keys())
