"""Merging of what the spec says over an existing manifest, and of raw patches over objects.

Maps merge by key, null removes a key, lists whose items all have a name merge by it (mounts by their path), other
lists are replaced. That is Kubernetes' strategic merge for the lists of a pod (containers, env, volumes, mounts),
without its directives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_KEYS = {"volumeMounts": "mountPath", "volumeDevices": "devicePath"}
"""Lists whose items are told apart by something else than a name."""


def merge(base: Any, over: Any, key: str = "name") -> Any:
    """``over`` merged over ``base``; neither is changed. ``key`` tells items of a list apart."""
    if isinstance(base, dict) and isinstance(over, dict):
        return _merge_maps(base, over)
    if _keyed(base, key) and _keyed(over, key):
        return _merge_keyed(base, over, key)
    return _without_nulls(over)


def _merge_maps(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = {key: value for key, value in base.items() if not (key in over and over[key] is None)}
    for key, value in over.items():
        if value is not None:
            # Mounts have no name of their own: the API server tells them apart by path
            # (`patchMergeKey` of its types).
            merged[key] = merge(merged.get(key), value, _KEYS.get(key, "name"))
    return merged


def _merge_keyed(base: Sequence[Any], over: Sequence[Any], key: str) -> list[Any]:
    # A mapping keeps the order of the base and puts new items last: the order of containers is
    # visible in a diff.
    merged = {item[key]: item for item in base}
    for item in over:
        merged[item[key]] = merge(merged.get(item[key]), item)
    return list(merged.values())


def _keyed(value: Any, key: str) -> bool:
    """Whether this is a list that can be merged: of mappings, each with a text of its own under ``key``."""
    if not isinstance(value, list) or not all(
        isinstance(i, dict) and isinstance(i.get(key), str) for i in value
    ):
        return False
    # Twice the same key could not be merged without losing one; such a list is replaced as a
    # whole.
    return bool(value) and len({item[key] for item in value}) == len(value)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
