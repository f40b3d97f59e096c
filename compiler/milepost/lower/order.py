"""The order of objects in a file: what others need comes first, then by name."""

from __future__ import annotations

from collections.abc import Iterable

from milepost.model.manifest import Manifest

FIRST = (
    "Namespace",
    "PriorityClass",
    "StorageClass",
    "ClusterRole",
    "ClusterRoleBinding",
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ResourceQuota",
    "NetworkPolicy",
    "NodeGroup",
    "ConfigMap",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Service",
)
_RANK = {kind: rank for rank, kind in enumerate(FIRST)}


def in_order(manifests: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """Sorted by kind, then by name; independent of the order of back ends."""
    return tuple(sorted(manifests, key=lambda m: (_RANK.get(m.kind, len(FIRST)), m.kind, m.name)))
