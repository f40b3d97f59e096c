"""Sizes of ConfigMaps: all the files of one together stay below what the API server takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.model import kinds
from milepost.model.manifest import Manifest, ManifestTemplate, fill, placeholder_names

MP6065 = Code(
    "MP6065",
    "ConfigMap too large",
    "The API server takes 1,048,576 bytes in all values of a ConfigMap together. The config files of a component share one.",
    "files:\n  - {path: /etc/a, template: a.j2}   # 600 KB\n  - {path: /etc/b, template: b.j2}   # 600 KB\n",
)
LIMIT = 2**20
"""Bytes (``MaxSecretSize``, which holds for ConfigMaps as well)."""
_LONGEST = 4
"""Bytes of a character in UTF-8."""


def check(rendered: Rendered, findings: Findings) -> None:
    for obj in rendered.of(kinds.CONFIG_MAP.name):
        if obj.manifest is None or obj.template is None or obj.inside:
            continue
        for sizes in _too_large(obj.manifest, obj.template):
            total = sum(sizes.values())
            named = ", ".join(f"{key} {size:,}" for key, size in sizes.items())
            findings.add(
                MP6065,
                obj,
                ("data",),
                f"has {total:,} bytes, and the API server takes {LIMIT:,}: {named}",
                "bring large files in the image or by a volume, or split the component",
            )
            break


def _too_large(manifest: Manifest, template: ManifestTemplate) -> Iterator[Mapping[str, int]]:
    """The sizes of the files at each place where they are too large together."""
    data: dict[str, Any] = {
        key: value
        for field in ("data", "binaryData")
        for key, value in (manifest.body.get(field) or {}).items()
        if isinstance(value, str)
    }
    text = "".join(data.values())
    # The longest that each placeholder could make it: nearly always far from the limit.
    most = len(text) + sum(max(map(len, template.columns[name])) for name in set(placeholder_names(text)))
    if most * _LONGEST <= LIMIT:
        return
    for instance in template.instances:
        sizes = {key: len(fill(value, instance.values).encode()) for key, value in data.items()}
        if sum(sizes.values()) > LIMIT:
            yield sizes
