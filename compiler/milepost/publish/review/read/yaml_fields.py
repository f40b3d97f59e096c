"""YAML fields: which field of an object a line stands for, told from its indentation alone.

Written for what compile emits; any other block-style YAML is understood as well, and where a line says nothing (inside
a literal text, a flow mapping) the nearest field around it answers. No line is ever without an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_KEY = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#\-\[{][^\n]*?):(?=\s|$)""")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_RELEASE = re.compile(r"(.+?)-(v?\d.*|current)")


class YamlLine(NamedTuple):
    """A line of YAML: where its dashes and its key stand. ``key`` is ``""`` where there is none."""

    dashes: tuple[int, ...]
    column: int
    key: str
    value: str


def read(line: str) -> YamlLine:
    """The outline of one line."""
    text = line.rstrip("\n")
    column = len(text) - len(text.lstrip(" "))
    dashes = []
    while text.startswith("- ", column) or text[column:] == "-":
        dashes.append(column)
        column += 2
        column += len(text[column:]) - len(text[column:].lstrip(" "))
    found = _KEY.match(text, column)
    key = found[1].strip("\"'") if found else ""
    return YamlLine(tuple(dashes), column, key, text[found.end() if found else column :].strip())


def subjects(lines: Sequence[str], start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The lines from ``start`` to ``end`` cut into the fields that they are about: field, first line, end.

    Deeper lines belong to the field that they stand below.
    """
    first, outermost = start, -1
    for i in range(start, end):
        indent = len(lines[i]) - len(lines[i].lstrip(" "))
        if i > start and lines[i].strip() and indent <= outermost:
            yield path_at(lines, first), first, i
            first, outermost = i, indent
        elif i == start or not lines[first].strip():
            outermost = indent
    if start < end:
        yield path_at(lines, first), first, end


def path_at(lines: Sequence[str], index: int) -> str:
    """The field of a line, such as ``spec.template.spec.containers[lane].image``.

    Items of a list are told apart by their name, not by their number, so that a new one does not rename the others. A
    comment speaks of the line below it.
    """
    # The version of a pin stands in the comment above it.
    while lines[index].lstrip(" ").startswith("#") and index + 1 < len(lines):
        index += 1
    line = read(lines[index])
    parts: list[str] = []
    if line.dashes:
        parts.append(_item(line))
        limit, in_list = line.dashes[0], True
    else:
        parts += [_key(line.key)] if line.key else []
        limit, in_list = line.column, False
    _climb(lines, index, limit, in_list, parts)
    return "".join(reversed(parts)).lstrip(".")


def _climb(lines: Sequence[str], index: int, limit: int, in_list: bool, parts: list[str]) -> None:
    """Adds what stands around a line, from the inside out."""
    for i in range(index - 1, -1, -1):
        text = lines[i].lstrip(" ")
        indent = len(lines[i]) - len(text)
        # Deeper lines belong to siblings that are closed already; the parent is the next line
        # further out.
        if indent > limit or text == "\n" or (indent == limit and (not in_list or text[0] == "-")):
            continue
        line = read(lines[i])
        if line.key and (line.column < limit or (in_list and line.column == limit and not line.dashes)):
            parts.append(_key(line.key))
            limit, in_list = line.column, False
        if line.dashes and line.dashes[0] < limit:
            parts.append(_item(line))
            limit, in_list = line.dashes[0], True
        if limit == 0 and not in_list:
            return


def _key(key: str) -> str:
    return f".{key}" if _PLAIN.fullmatch(key) else f'["{key}"]'


def _item(line: YamlLine) -> str:
    """``[name]`` of an item that has one, ``[key=value]`` of another mapping, ``[]`` of a plain value."""
    if not line.key:
        return f"[{release(line.value.rpartition('/')[2])[0]}]" if "/releases/" in line.value else "[]"
    value = line.value.strip("\"'")
    if not value or value[0] in "|>{[&":
        return f"[{line.key}]"
    return f"[{value}]" if line.key == "name" else f"[{line.key}={value}]"


def release(name: str) -> tuple[str, str]:
    """Application and version of a release's folder, such as ``tolling-1.5.0``."""
    found = _RELEASE.fullmatch(name)
    return (found[1], found[2]) if found else (name, "")
