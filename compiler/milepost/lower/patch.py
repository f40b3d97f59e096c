"""Merging of what the spec says over what an existing manifest says, and of raw patches over objects.

Maps merge by key, null removes a key, lists whose items all have a name merge by it, other lists are replaced. That
is Kubernetes' strategic merge for the lists of a pod (containers, env, volumes, ports), without its directives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def merge(base: Any, over: Any) -> Any:
    """``over`` merged over ``base``; neither is changed."""
    if isinstance(base, Mapping) and isinstance(over, Mapping):
        return _merge_maps(base, over)
    if _named(base) and _named(over):
        return _merge_named(base, over)
    return over


def _merge_maps(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = {key: value for key, value in base.items() if not (key in over and over[key] is None)}
    for key, value in over.items():
        if value is not None:
            merged[key] = merge(merged[key], value) if key in merged else _without_nulls(value)
    return merged


def _merge_named(base: Sequence[Any], over: Sequence[Any]) -> list[Any]:
    merged = {item["name"]: item for item in base}
    for item in over:
        known = merged.get(item["name"])
        merged[item["name"]] = _without_nulls(item) if known is None else merge(known, item)
    return list(merged.values())


def _named(value: Any) -> bool:
    return (
        isinstance(value, list) and bool(value) and all(isinstance(i, Mapping) and "name" in i for i in value)
    )


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return value
