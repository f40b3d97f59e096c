"""Folder sizes: small enough for Git and for people."""

from __future__ import annotations

from collections import Counter

from milepost.diagnostics import Code
from milepost.emit.disk_state import folders_of
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model.manifest import unit_of

MP6062 = Code(
    "MP6062",
    "folder has more than 1,000 entries",
    "Wide folders that change often are costly for Git, and forges stop showing them.",
    "# a station group with 1,100 stations\n",
)
MOST = 1000


def check(rendered: Rendered, findings: Findings) -> None:
    sizes = Counter({folder: len(files) for folder, files in rendered.folders.items()})
    sizes.update(unit_of(text.path) for text in rendered.texts)
    # A folder is an entry of the folder above it; files alone would miss a tree of a thousand
    # folders.
    sizes.update([unit_of(folder) for folder in folders_of(f"{folder}/" for folder in sizes)])
    for folder, size in sorted(sizes.items()):
        if size > MOST:
            obj = RenderedObject({"kind": "folder"}, folder or ".")
            findings.add(MP6062, obj, (), f"has {size} entries, more than {MOST}", "split the station group")
