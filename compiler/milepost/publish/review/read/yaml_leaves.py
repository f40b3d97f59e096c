"""YAML leaves: the fields and values that stand in changed lines, each with its whole path in the object.

Changed lines may be a value, a mapping of many, or a whole object; what they say must not depend on how they were cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from milepost.publish.review.read import yaml_fields
from milepost.publish.review.read.line_diff import split

_KEY = re.compile(r'\["(?:[^"\\]|\\.)*"\]')
_ITEM = re.compile(r"\[[^\]]*\]")


class YamlLeaf(NamedTuple):
    """A value; ``path`` has items by name (``containers[lane].image``), ``general`` none (``containers[].image``)."""

    path: str
    value: str

    @property
    def general(self) -> str:
        return general(self.path)


def general(path: str) -> str:
    """A path without names of items, and with every quoted key as ``.*``, so that one row of a table is for all."""
    return _ITEM.sub("[]", _KEY.sub(".*", path)).lstrip(".")


def leaves(field: str, text: str) -> Iterator[YamlLeaf]:
    """Of lines that belong to ``field``, or of a whole object where it is empty."""
    lines = split(text)
    if not lines:
        return
    first = yaml_fields.path_at(lines, 0) if field else ""
    # What stands around the lines is in `field`; what stands in them is found here.
    around = field[: len(field) - len(first)] if first and field.endswith(first) else field
    for index, line in enumerate(lines):
        stripped = line.strip()
        if not stripped or stripped.startswith("#") or stripped == "---":
            continue
        read = yaml_fields.read(line)
        if read.key and not read.value and _has_children(lines, index):
            continue  # a mapping: its fields come below
        inside = yaml_fields.path_at(lines, index)
        if not field:
            path = inside
        elif around == field and not field.endswith(first):
            path = field
        else:
            path = f"{around}{'.' if around and not around.endswith('.') and inside[:1] not in '.[' else ''}{inside}"
        # `- name: x` is an item and the value of its first key.
        if read.dashes and read.key:
            path = f"{path}.{read.key}"
        yield YamlLeaf(path, read.value.strip("\"'"))


def _has_children(lines: list[str], index: int) -> bool:
    if index + 1 >= len(lines):
        return False
    here, below = (len(line) - len(line.lstrip(" ")) for line in lines[index : index + 2])
    return below > here or (below == here and lines[index + 1].lstrip().startswith("- "))
