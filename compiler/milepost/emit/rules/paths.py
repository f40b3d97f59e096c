"""Files stay inside the tree, under names that every file system takes."""

from __future__ import annotations

import re

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.thing import Thing

MP6063 = Code(
    "MP6063",
    "file outside the tree",
    "Paths are relative to the province's folder and made of letters, digits, hyphens, underscores and dots; no two differ "
    "in the case of letters alone.",
    "# lower makes paths from names, which validate has checked\n",
)
_PATH = re.compile(r"(?:[A-Za-z0-9_][-A-Za-z0-9_.]*/)*[A-Za-z0-9_][-A-Za-z0-9_.]*")
LONGEST = 255


def check(rendered: Rendered, findings: Findings) -> None:
    seen: dict[str, str] = {}
    for path in rendered.files:
        thing = Thing({"kind": "file"}, path)
        if not _PATH.fullmatch(path) or (len(path) > LONGEST and max(map(len, path.split("/"))) > LONGEST):
            findings.add(MP6063, thing, (), "is no path in the tree")
        if seen.setdefault(path.lower(), path) != path:
            findings.add(
                MP6063, thing, (), f'differs from "{seen[path.lower()]}" in the case of letters alone'
            )
