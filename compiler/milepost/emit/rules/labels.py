"""Labels, selectors and annotations have the form that Kubernetes asks for, at every station."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.formats import LABEL_KEY, LABEL_VALUE
from milepost.emit.rendered import Rendered, Thing
from milepost.model.document import Path

MP6013 = Code(
    "MP6013",
    "label or annotation that Kubernetes refuses",
    "A label value has at most 63 letters, digits, hyphens, dots and underscores; a key may carry a DNS domain before a "
    "slash. Annotations hold any text, 256 KiB together.",
    'patch: {metadata: {labels: {owner: "toll team"}}}\n',
)
_LABELS = {"labels", "matchLabels", "nodeSelector", "selector"}
MOST_ANNOTATIONS = 256 * 1024


def check(rendered: Rendered, findings: Findings) -> None:
    for thing in rendered.samples:
        for path, labels in _maps(thing.body, ()):
            _check(thing, path, labels, findings)


def _check(thing: Thing, path: Path, labels: Mapping[str, Any], findings: Findings) -> None:
    values = path[-1] != "annotations"
    for key, value in labels.items():
        if not LABEL_KEY.fullmatch(key):
            findings.add(
                MP6013, thing, path, f'has the key "{key}", which is no {"label" if values else "annotation"}'
            )
        elif values and not LABEL_VALUE.fullmatch(str(value)):
            findings.add(MP6013, thing, (*path, key), f'"{value}" is no label value')
    if not values and sum(len(f"{k}{v}".encode()) for k, v in labels.items()) > MOST_ANNOTATIONS:
        findings.add(MP6013, thing, path, "hold more than 256 KiB")


def _maps(node: Any, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every mapping of labels or annotations; ConfigMap data is text and not looked into."""
    if isinstance(node, Mapping):
        for key, child in node.items():
            here = (*path, key)
            if isinstance(child, Mapping) and (key in _LABELS or key == "annotations") and _flat(child):
                yield here, child
            elif path or key not in ("data", "binaryData"):
                yield from _maps(child, here)
    elif isinstance(node, list | tuple):
        for index, child in enumerate(node):
            yield from _maps(child, (*path, index))


def _flat(node: Mapping[str, Any]) -> bool:
    return not any(isinstance(value, Mapping | list | tuple) for value in node.values())
