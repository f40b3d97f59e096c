"""Ambiguous text: text that not every YAML reader reads back, although it is written right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model.document import Path

MP6010 = Code(
    "MP6010",
    "ambiguous YAML text",
    "Kustomize loses or refuses control characters from U+007F to U+009F and the non-characters U+FFFE and U+FFFF, and "
    "writes a key `<<` so that the next reader merges it. Half a surrogate pair is no text in UTF-8. Keys of more than "
    "1,024 characters, numbers beyond 64 bits and numbers that are none (`.nan`) cannot be read back either.",
    'env: {TITLE: "stake\\x7f"}\n',
)
_BROKEN = re.compile("[\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u(?:00(?:7f|[89])|fff[ef]|d[89a-f])")
_DIGITS = (re.compile(r" -?[0-9]{19}"), re.compile(r"\[-?[0-9]{19}"))
"""Of a number in JSON: digests are full of digits, and none of them stands after a bracket or a space. As two patterns,
each with one character to look for first.
"""
LONGEST_KEY = 1000
_LIMIT = 2**63


def check(rendered: Rendered, findings: Findings) -> None:
    for obj in rendered.distinct:
        if _suspect(obj):
            for path, predicate in _faults(obj.body, ()):
                findings.add(MP6010, obj, path, predicate, "take it out of the spec")
    _stamps(rendered, findings)


def _suspect(obj: RenderedObject) -> bool:
    """A quick search of the object as JSON; only objects where it finds something are searched value by value."""
    text = obj.json
    return (
        # The plain search first: nearly all objects are ASCII and have no escape at all.
        ("\\u" in text and _ESCAPED.search(text) is not None)
        or any(mark in text for mark in ('"<<"', "NaN", "Infinity"))
        or any(digits.search(text) for digits in _DIGITS)
        or len(max(set[str]().union(*[node for _, node in obj.nodes]), key=len)) > LONGEST_KEY
    )


def _stamps(rendered: Rendered, findings: Findings) -> None:
    """Values of other stations than the first."""
    # Reversed, so that the first object of a file wins.
    first = {obj.file: obj for obj in reversed(rendered.objects)}
    for template in rendered.templates:
        obj = first.get(template.instances[0].path) if template.instances else None
        if obj is None or not any(map(_broken, template.columns.values())):
            continue
        bad = next(
            (instance for instance in template.instances[1:] if _broken(instance.values.values())), None
        )
        if bad is not None:
            predicate = f"holds a control character in {bad.path}"
            findings.add(MP6010, obj, (), predicate, "take it out of the spec")


def _broken(texts: Iterable[str]) -> bool:
    text = " ".join(texts)
    # Of ASCII only DEL is broken. This test spares the pattern for nearly all values of all
    # stations.
    return "\x7f" in text if text.isascii() else _BROKEN.search(text) is not None


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
    # Written so that `nan`, which compares with nothing, is caught as well.
    elif isinstance(node, int | float) and not -_LIMIT <= node < _LIMIT:
        yield path, "is not a number of 64 bits"
