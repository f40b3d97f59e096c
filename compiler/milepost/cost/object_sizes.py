"""Object sizes: bytes of the rendered objects as JSON, exact at every place, most of them without filling one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from milepost.cost.workload_counts import named
from milepost.model.manifest import (
    PLACEHOLDER_OPEN,
    Manifest,
    ManifestTemplate,
    RepeatedItem,
    fill,
    fill_object,
    placeholder_names,
)


def sizes(templates: Iterable[ManifestTemplate]) -> Counter[str]:
    """Kind to the bytes of all its objects."""
    found: Counter[str] = Counter()
    for template in templates:
        known: dict[str, int] = {}
        for manifest in named(template):
            found[manifest.kind] += _size(manifest, template, known)
    return found


_REPEATED = RepeatedItem.named("")
"""As many items as the place has values for: few objects have such lists, so each is filled and measured."""


def _bytes(body: Any) -> int:
    return len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())


def _size(manifest: Manifest, template: ManifestTemplate, known: dict[str, int]) -> int:
    """Of one object at all places: its text once each, and what its placeholders are filled with."""
    text = _json(manifest.body)
    if _repeats(manifest.body):
        # Lists of different lengths: these few are filled.
        return sum(
            len(_json(fill_object(manifest.body, each.values)).encode()) for each in template.instances
        )
    names = placeholder_names(text) if PLACEHOLDER_OPEN in text else ()
    if any(name.startswith(_REPEATED) for name in names):
        return sum(_bytes(fill_object(manifest.body, instance.values)) for instance in template.instances)
    fixed = len(fill(text, dict.fromkeys(names, "")).encode())
    for name in names:
        if name not in known:
            # As JSON spells it: the lines of a config file become `\\n`.
            known[name] = sum(
                len(json.dumps(v, ensure_ascii=False).encode()) - 2 for v in template.columns[name]
            )
    return fixed * len(template.instances) + sum(known[name] for name in names)


def _json(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _repeats(body: Any) -> bool:
    """Whether an item of some list is written several times, or not at all."""
    if isinstance(body, RepeatedItem):
        return True
    children = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return any(map(_repeats, children))
