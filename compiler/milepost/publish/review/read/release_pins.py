"""Release pins: what a version of an application pins each image to, and which images differ between two sets of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from milepost.model import layout
from milepost.publish.review.read import yaml_fields
from milepost.publish.review.read.line_diff import split
from milepost.publish.review.read.tree_source import TreeSource, standing

_ENTRY = re.compile(r"^  - name: *[\"']?([^\s\"']+)[\"']?\n((?:    [^\n]*\n)*)", re.M)

Pins = Mapping[str, str]
"""Name of an image to the lines of its pin."""


def pins(side: TreeSource, province: str, releases: Iterable[str]) -> Pins:
    """Of all ``releases``, such as ``tolling-1.5.0``; of one that the side has not, nothing."""
    paths = [f"{province}/{layout.RELEASE.path(release=release)}" for release in releases]
    texts = standing(side, paths).values()
    return {name: pin for text in texts for name, pin in _ENTRY.findall(text.decode("utf-8", "replace"))}


def named_releases(lines: str) -> list[str]:
    """The releases that lines of ``components`` name."""
    return [yaml_fields.read(line).value.rpartition("/")[2] for line in split(lines)]


def different(before: Pins, after: Pins) -> frozenset[str]:
    """Images that come, go, or are pinned to something else."""
    return frozenset(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
