"""Selector matches: what the selectors of the shared documents fit in one province.

A province cannot tell whether a selector fits nothing anywhere: only the matches of all provinces together can.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Matches(NamedTuple):
    """``selectors`` are keys as below; ``labels`` are the labels there are, ``key=value``, of keys that selectors name."""

    selectors: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()

    @classmethod
    def together(cls, every: Iterable[Matches]) -> Matches:
        found = list(every)
        return cls(
            frozenset().union(*(m.selectors for m in found)), frozenset().union(*(m.labels for m in found))
        )


def application_key(name: str) -> str:
    return f"application/{name}"


def component_key(application: str, name: str) -> str:
    return f"component/{application}/{name}"


def node_group_key(name: str) -> str:
    return f"node-group/{name}"


def wave_key(release: str, name: str) -> str:
    return f"wave/{release}/{name}"
