"""Apply order of objects in a file: what others need comes first, then by name."""

from __future__ import annotations

from collections.abc import Iterable

from milepost.model.kinds import KINDS, ApplyOrder
from milepost.model.manifest import Manifest

_RANK = {kind.name: int(kind.order) for kind in KINDS}
_REST = int(ApplyOrder.REST)


def in_order(manifests: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """Sorted by kind, then by name; independent of the order of back ends."""
    return tuple(sorted(manifests, key=lambda m: (_RANK.get(m.kind, _REST), m.kind, m.name)))
