"""Selector matching: which stations and nodes a selector fits, and the same in Kubernetes' words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from milepost.model.fleet import Application, Node, Settings, Station
from milepost.model.matchers import NodeMatcher, StationMatcher
from milepost.model.terms import NodeTerms

EDGE = ("node-role.kubernetes.io/edge", "")
"""The label that EdgeCore's kubelet gives its node; the value is the empty string."""


def station_fits(selector: StationMatcher, station: Station, province: str) -> bool:
    """Whether every attribute that ``selector`` gives fits."""
    return (
        (not selector.types or station.type in selector.types)
        and (not selector.provinces or province in selector.provinces)
        and (not selector.groups or station.group in selector.groups)
        and (not selector.labels or _carries(station.labels, selector.labels))
    )


def fitting(applications: Iterable[Application], station: Station, province: str) -> tuple[str, ...]:
    """Keys of the applications that are placed at ``station``."""
    return tuple(
        [a.key for a in applications if a.at_stations and station_fits(a.stations, station, province)]
    )


def node_fits(selectors: Iterable[NodeMatcher], node: Node, station: Station) -> bool:
    """Whether every property that any of ``selectors`` gives fits."""
    return all(_one_fits(selector, node, station) for selector in selectors)


def _one_fits(selector: NodeMatcher, node: Node, station: Station) -> bool:
    return (
        (not selector.roles or set(selector.roles).issubset(node.roles))
        and (not selector.all_roles or set(selector.all_roles).issubset(node.roles))
        and (not selector.any_role or not set(selector.any_role).isdisjoint(node.roles))
        and (not selector.architectures or node.profile.architecture in selector.architectures)
        and (not selector.station_types or station.type in selector.station_types)
        and (not selector.profiles or node.profile.name in selector.profiles)
        and (not selector.labels or _carries(node.labels, selector.labels))
    )


def _carries(labels: Settings, wanted: Mapping[str, str]) -> bool:
    return all(key in labels and labels[key].value == value for key, value in wanted.items())


def terms(selectors: Sequence[NodeMatcher], stations: StationMatcher, domain: str) -> NodeTerms:
    """The node labels that say the same as ``selectors`` at ``stations``; sorted, so that equal terms are equal.

    A key with no value left can be met by no node.
    """
    # One label for each role, in the fleet's own domain: a node has several roles and a label
    # has one value, and the kubelet refuses to register labels of unknown `kubernetes.io`
    # names.
    equal = {f"{domain}/role-{role}": "" for s in selectors for role in (*s.roles, *s.all_roles)}
    equal |= {key: value for s in selectors for key, value in s.labels.items()}
    equal |= dict(stations.labels)
    types = [s.station_types for s in selectors if s.station_types] + (
        [stations.types] if stations.types else []
    )
    profiles = [s.profiles for s in selectors if s.profiles]
    within = ((f"{domain}/profile", profiles), (f"{domain}/station-type", types))
    choices = {
        tuple(sorted({f"{domain}/role-{role}" for role in s.any_role})) for s in selectors if s.any_role
    }
    return NodeTerms(
        tuple(sorted(equal.items())),
        tuple((key, _common(lists)) for key, lists in within if lists),
        tuple(sorted(choices)),
    )


def contradiction(selectors: Sequence[NodeMatcher], stations: StationMatcher) -> str | None:
    """Why no node can have every label and every property that is asked for, or None."""
    wanted: dict[str, str] = {}
    labels = [*(s.labels for s in selectors), stations.labels]
    for key, value in (item for some in labels for item in some.items()):
        if wanted.setdefault(key, value) != value:
            return f"the label {key} cannot be both {wanted[key] or 'empty'} and {value or 'empty'}"
    contrary = [what for what, values in terms(selectors, stations, "").within if not values]
    return (
        f"no {contrary[0].strip('/').replace('-', ' ')} is in every list that is given" if contrary else None
    )


def architectures(selectors: Iterable[NodeMatcher], platforms: Iterable[str]) -> tuple[str, ...]:
    """The architectures of ``platforms`` that every selector allows."""
    allowed = set(platforms)
    for selector in selectors:
        if selector.architectures:
            # An empty list means "any". Intersecting with it would leave no architecture at
            # all.
            allowed &= set(selector.architectures)
    return tuple(sorted(allowed))


def mentioned_labels(selectors: Iterable[NodeMatcher | StationMatcher]) -> frozenset[str]:
    """Keys of all labels that some selector names; stations that differ only in other labels are solved as one."""
    return frozenset(key for selector in selectors for key in selector.labels)


def _common(lists: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(sorted(set(lists[0]).intersection(*lists[1:])))
