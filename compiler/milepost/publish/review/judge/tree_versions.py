"""Tree versions: which Milepost wrote the two trees of a province, and which applications move by the waves of a release."""

from __future__ import annotations

from collections.abc import Iterable

from milepost.publish.review.classify.compare import Comparison
from milepost.publish.review.read.file_location import TreeLayout


def compilers(comparison: Comparison, provinces: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Province to the versions that wrote its old and its new tree, where both are known and differ."""
    found = {}
    for province in provinces:
        old, new = (
            side.layout.index(province).get("milepost") for side in (comparison.before, comparison.after)
        )
        if isinstance(old, str) and isinstance(new, str) and old != new:
            found[province] = (old, new)
    return found


def released(layout: TreeLayout, provinces: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Province and application, of every release that concerns the province."""
    return frozenset(
        (province, application)
        for province in provinces
        for application in _mapping(layout.index(province).get("releases"))
    )


def _mapping(value: object) -> Iterable[str]:
    return value if isinstance(value, dict) else ()
