"""Text that not every reader reads back, although it is written right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.model.document import Path

MP6010 = Code(
    "MP6010",
    "text that a reader breaks",
    "Kustomize loses or refuses control characters from U+007F to U+009F and the non-characters U+FFFE and U+FFFF, and "
    "writes a key `<<` so that the next reader merges it. Half a surrogate pair is no text in UTF-8. Keys of more than "
    "1,024 characters, numbers beyond 64 bits and numbers that are none (`.nan`) cannot be read back either.",
    'env: {TITLE: "stake\\x7f"}\n',
)
_BROKEN = re.compile("[\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_SUSPECT = re.compile(
    r'\\u00(?:7f|[89])|\\uff?f[ef]|\\ud[89a-f]|"<<": |NaN|Infinity|[0-9]{19}|[^"]{1000}', re.IGNORECASE
)
"""A quick look at an object as JSON; what it finds is looked at closely."""

LONGEST_KEY = 1000
_LIMIT = 2**63


def check(rendered: Rendered, findings: Findings) -> None:
    for thing in rendered.things:
        if _SUSPECT.search(json.dumps(thing.body)):
            for path, predicate in _faults(thing.body, ()):
                findings.add(MP6010, thing, path, predicate, "take it out of the spec")
    _stamps(rendered, findings)


def _stamps(rendered: Rendered, findings: Findings) -> None:
    """Values of other stations than the first."""
    for sheet in rendered.sheets:
        bad = next((s for s in sheet.stamps if any(map(_BROKEN.search, s.values.values()))), None)
        thing = next((t for t in rendered.things if bad and t.file == sheet.stamps[0].path), None)
        if bad is not None and thing is not None and bad is not sheet.stamps[0]:
            findings.add(
                MP6010, thing, (), f"holds a control character in {bad.path}", "take it out of the spec"
            )


def _faults(node: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(node, Mapping):
        for key, child in node.items():
            if key == "<<" or len(key) > LONGEST_KEY or _BROKEN.search(key):
                yield path, f"has the key {key[:40]!r}, which some reader breaks"
            yield from _faults(child, (*path, key))
    elif isinstance(node, list | tuple):
        for index, child in enumerate(node):
            yield from _faults(child, (*path, index))
    elif isinstance(node, str) and (match := _BROKEN.search(node)):
        yield path, f"holds U+{ord(match[0]):04X}, which some reader breaks"
    elif isinstance(node, int | float) and not -_LIMIT <= node < _LIMIT:
        yield path, "is not a number of 64 bits"
