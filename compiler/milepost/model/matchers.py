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


class PlacementRule(NamedTuple):
    """Components that share a node, or never do; one of the three is given."""

    together: Sequence[str] | None
    apart: Sequence[str] | None
    spread: Sequence[str] | None
    form: str
    """Of ``together``: ``pod`` or ``affinity``."""
