"""Selector names: roles, station types, profiles and groups that selectors use exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from milepost.diagnostics import Sink
from milepost.model.matchers import NodeMatcher
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedSpec
from milepost.model.spec.application import StationSelector
from milepost.model.spec.node_group import NodeSelector
from milepost.resolve.references import find
from milepost.resolve.settings import node_matcher


def check_node_selector(selector: NodeSelector, at: DocumentOrigin, spec: ParsedSpec, sink: Sink) -> None:
    """Report every name in ``selector`` that does not exist."""
    fleet = spec.fleet.model.spec
    roles = dict.fromkeys(fleet.roles, True)
    for key, names in (
        ("roles", selector.roles),
        ("allRoles", selector.all_roles),
        ("anyRole", selector.any_role),
    ):
        _each("role", names, roles, at.of(key), sink)
    _each("station type", selector.station_types, fleet.station_types, at.of("stationTypes"), sink)
    _each("hardware profile", selector.profiles, spec.hardware_profiles, at.of("profiles"), sink)
    if selector.group is not None:
        by_property = {name: g for name, g in spec.node_groups.items() if g.model.spec.match is not None}
        what = "node group by property" if selector.group in spec.node_groups else "node group"
        find(what, selector.group, by_property, at.of("group"), sink)


def check_station_selector(
    selector: StationSelector, at: DocumentOrigin, spec: ParsedSpec, sink: Sink
) -> None:
    """Report every name in ``selector`` that does not exist."""
    _each("station type", selector.types, spec.fleet.model.spec.station_types, at.of("types"), sink)
    _each("province", selector.provinces, spec.provinces, at.of("provinces"), sink)
    _each("station group", selector.groups, spec.station_groups, at.of("groups"), sink)


def chain(selector: NodeSelector, spec: ParsedSpec) -> tuple[NodeMatcher, ...]:
    """A selector and those of the node groups that it names, one after the other; must be free of loops."""
    found = [selector]
    while (name := found[-1].group) is not None and (group := spec.node_groups.get(name)) is not None:
        # A partition by station or group is no property of a node, and `check_node_selector`
        # has refused it.
        if group.model.spec.match is None:
            break
        found.append(group.model.spec.match)
    return tuple(map(node_matcher, found))


def _each(what: str, names: Iterable[str], known: Mapping[str, Any], at: DocumentOrigin, sink: Sink) -> None:
    for index, name in enumerate(names):
        find(what, name, known, at.of(index), sink)
