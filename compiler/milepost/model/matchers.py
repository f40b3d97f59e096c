"""Selectors as meant: which stations, which nodes, and how instances stand to each other there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class StationMatcher(NamedTuple):
    """Stations by attribute; every attribute that is given must fit."""

    types: Sequence[str]
    provinces: Sequence[str]
    groups: Sequence[str]
    labels: Mapping[str, str]
    may_be_empty: bool
    """Whether it may fit nothing in the whole fleet."""


class NodeMatcher(NamedTuple):
    """Nodes by property; every property that is given must fit. Node groups that it names stand beside it."""

    roles: Sequence[str]
    all_roles: Sequence[str]
    any_role: Sequence[str]
    architectures: Sequence[str]
    station_types: Sequence[str]
    profiles: Sequence[str]
    labels: Mapping[str, str]
    may_be_empty: bool
    """Whether it may fit nothing in the whole fleet."""


class FailoverRule(NamedTuple):
    """Who serves at a station when a node is lost, and which virtual addresses lead there."""

    form: str
    """``standby``, ``mutual`` or ``active``."""
    components: tuple[str, ...]
    least: int
    """Nodes that must serve; 0 where the form says how many."""
    addresses: Mapping[str, tuple[str, ...]]
    """Virtual address to the components that must be ready behind it."""
    prefer: tuple[NodeMatcher, ...]
    """Nodes that have an address first; all must fit. Empty where none are."""
    failback: bool
    takeover: float
    """Seconds."""


class PlacementRule(NamedTuple):
    """Components that share a node, or never do; one of the three is given."""

    together: Sequence[str] | None
    apart: Sequence[str] | None
    spread: Sequence[str] | None
    form: str
    """Of ``together``: ``pod`` or ``affinity``."""
