"""Releases of KubeEdge: which Milepost knows, which Kubernetes each is made for, its known holes, and what it has.

Compatibility is the table of KubeEdge's own README, features are those of its changelogs, holes those of its security
releases of July 2026.
"""

from __future__ import annotations

from collections.abc import Mapping

from milepost.model import kinds
from milepost.model.document import Path
from milepost.model.kinds import Kind
from milepost.model.record import record

MADE_FOR: Mapping[str, tuple[str, ...]] = {
    "1.19": ("1.27", "1.28", "1.29"),
    "1.20": ("1.28", "1.29", "1.30"),
    "1.21": ("1.28", "1.29", "1.30"),
    "1.22": ("1.29", "1.30", "1.31"),
    "1.23": ("1.30", "1.31", "1.32"),
}
"""Every known minor version, oldest first, to the versions of Kubernetes that it was built and tested with."""

KNOWN: tuple[str, ...] = tuple(MADE_FOR)


@record
class Vulnerability:
    """A hole through which others run commands on edge nodes: what it needs, and the first patch release without it."""

    name: str
    through: str
    since: str
    fixed: Mapping[str, int]

    def affects(self, release: str) -> bool:
        """Whether a release has it."""
        minor, patch = split(release)
        # A minor version without a fixed release has the hole in every patch.
        return number(minor) >= number(self.since) and patch < self.fixed.get(minor, patch + 1)


_FIXED = {"1.21": 2, "1.22": 2, "1.23": 1}
VULNERABILITIES = (
    Vulnerability("CVE-2026-62371", "the version or image of a NodeUpgradeJob", "1.19", _FIXED),
    Vulnerability("CVE-2026-62182", "the fields of a ConfigUpdateJob", "1.21", _FIXED),
)
FIXED_RELEASES: tuple[str, ...] = tuple(f"{minor}.{patch}" for minor, patch in _FIXED.items())
"""The oldest release of each minor version that has no known hole."""


@record
class Feature:
    """A field of a kind that came with some version of KubeEdge; older CRDs do not have it and drop it silently."""

    kind: Kind
    path: Path
    since: str


FEATURES = (
    Feature(kinds.EDGE_APPLICATION, ("spec", "workloadScope", "targetNodeLabels"), "1.20"),
    Feature(kinds.NODE_GROUP, ("spec", "topologyEnabled"), "1.21"),
)

NODE_JOBS = "1.21"
"""Since this version node jobs are v1alpha2, and their v1alpha1 is off; before, v1alpha1 is all there is."""


JOINS = "1.20"
"""Since this version ``keadm join`` and ``keadm batch`` take what join scripts give them."""


def split(release: str) -> tuple[str, int]:
    """Minor version and patch number of a release such as ``1.23.1``."""
    minor, _, patch = release.rpartition(".")
    return minor, int(patch)


def number(minor: str) -> int:
    """The number after ``1.``, by which versions are compared."""
    # As a number: as text, `1.9` would be newer than `1.23`.
    return int(minor.partition(".")[2])


def reaches(release: str, since: str) -> bool:
    """Whether a release is of minor version ``since`` or newer."""
    return number(split(release)[0]) >= number(since)


def nearest(minor: str) -> str:
    """The known minor version that is nearest to another one."""
    return min(KNOWN, key=lambda known: abs(number(known) - number(minor)))


def served(kind: Kind, release: str) -> Kind:
    """A kind with the API version in which ``release`` serves it."""
    if kind.older_api_version and not reaches(release, NODE_JOBS):
        return kind.at(kind.older_api_version)
    return kind
