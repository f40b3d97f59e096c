"""The JSON form for machines: everything, down to the texts from which the raw difference can be made again.

A text of a ``pattern`` holds U+E010 for the station's name, U+E011 for the group's, U+E012 for the province's; U+E013
escapes such a character of the text itself. A place is ``[path, group, station, [first line of each text]]``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from milepost.publish.review import Review, SummaryLine
from milepost.publish.review.judge.coverage_proof import PatternAtPlace
from milepost.publish.review.read.file_location import PROVINCE, FileLocation
from milepost.publish.review.read.patch import FileModes
from milepost.publish.review.read.place_abstraction import legible
from milepost.publish.review.show.words import plain

NAME = "json"
SCHEMA = "milepost.dev/review/v1"


def render(review: Review) -> str:
    # ASCII on purpose: private-use marks survive tools that do not know them, as escapes.
    return json.dumps(document(review), indent=1) + "\n"


def document(review: Review) -> dict[str, Any]:
    """The review as plain values."""
    radius = review.radius
    return {
        "schema": SCHEMA,
        "base": review.base,
        "head": review.head,
        "tripped": review.tripped,
        "stations": len(radius.stations),
        "nodes": len(radius.nodes),
        "units": sorted(radius.units),
        "provinces": {name: _tally(review, name) for name in review.provinces},
        "guards": [
            {
                "code": finding.diagnostic.code.id,
                "message": finding.diagnostic.message,
                "acknowledge": list(finding.entries),
                "by": list(finding.by),
                "reason": finding.reason,
            }
            for finding in review.findings
        ],
        "notes": list(review.notes),
        "spec": list(review.spec),
        "lines": [_line(line) for line in review.lines],
        "plans": [{"about": plain(plan.about), "steps": list(plan.steps)} for plan in review.steps],
        "modes": {path: list(modes) for path, modes in sorted(review.modes.items())},
        "coverage": {"files": review.raw.files, "lines": review.raw.lines, "sha256": review.raw.sha256},
    }


def _tally(review: Review, province: str) -> dict[str, Any]:
    tally = review.provinces[province]
    return {
        "added": tally.added,
        "changed": tally.changed,
        "removed": tally.removed,
        "stations": len(tally.radius.stations),
        "nodes": len(tally.radius.nodes),
        "units": len(tally.radius.units),
        "worst": tally.worst.word,
    }


def _line(line: SummaryLine) -> dict[str, Any]:
    radius = line.radius
    return {
        "text": plain(line.words + line.details),
        "effect": line.effect.word,
        "severity": line.effect.severity,
        "undo": line.effect.undo,
        "stations": sorted("/".join(each) for each in radius.stations),
        "nodes": len(radius.nodes),
        "nodesNow": len(radius.now),
        "fields": [
            {
                "path": legible(c.path),
                "old": c.old,
                "new": c.new,
                "effect": c.effect.word,
                "security": c.secure,
            }
            for c in line.changes
        ],
        "units": sorted(radius.units),
        "changedLines": line.found.lines,
        "variants": [
            {
                "pattern": [list(each) for each in variant.pattern],
                "places": [
                    [site.place.path, site.place.group, site.place.station, list(site.starts)]
                    for site in variant.sites
                ],
            }
            for variant in line.found.variants
        ],
    }


def pieces(found: Mapping[str, Any]) -> Iterator[PatternAtPlace]:
    """The patterns at their places, as ``coverage_proof.expand`` takes them, from a document that was read back."""
    for line in found["lines"]:
        for variant in line["variants"]:
            pattern = tuple((sign, text) for sign, text in variant["pattern"])
            for path, group, station, starts in variant["places"]:
                place = FileLocation(path, path.partition("/")[0], "", PROVINCE, group, station)
                yield PatternAtPlace(place, pattern, tuple(starts))


def modes(found: Mapping[str, Any]) -> dict[str, FileModes]:
    """The same document's modes."""
    return {path: FileModes(*each) for path, each in found["modes"].items()}
