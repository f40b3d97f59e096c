"""File paths: inside the tree, under names that every file system takes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject

MP6063 = Code(
    "MP6063",
    "file path outside the tree",
    "Paths are relative to the province's folder and made of letters, digits, hyphens, underscores and dots; no two differ "
    "in the case of letters alone.",
    "# lower makes paths from names, which validate has checked\n",
)
_PATH = re.compile(r"[A-Za-z0-9_][-A-Za-z0-9_.]*(?:/[A-Za-z0-9_][-A-Za-z0-9_.]*)*")
LONGEST = 255


def check(rendered: Rendered, findings: Findings) -> None:
    for path in rendered.files:
        if not _PATH.fullmatch(path) or (len(path) > LONGEST and max(map(len, path.split("/"))) > LONGEST):
            _report(path, "is no path in the tree", findings)
    # Two such files are one on the disks of macOS and Windows, and a checkout there would lose
    # one of them.
    if len(set(map(str.lower, rendered.files))) < len(rendered.files):
        _check_case(rendered.files, findings)


def _check_case(paths: Iterable[str], findings: Findings) -> None:
    seen: dict[str, str] = {}
    for path in paths:
        if (other := seen.setdefault(path.lower(), path)) != path:
            _report(path, f'differs from "{other}" in the case of letters alone', findings)


def _report(path: str, predicate: str, findings: Findings) -> None:
    findings.add(MP6063, RenderedObject({"kind": "file"}, path), (), predicate)
