"""Coverage proof of a summary: its lines, expanded, are the raw difference byte for byte.

Works on what every form of a review can carry: patterns, places and modes. Trusts no count of anybody else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from milepost.publish.review.classify.change_classes import ChangeClass, Pattern
from milepost.publish.review.classify.compare import RawDifference
from milepost.publish.review.read import patch
from milepost.publish.review.read.file_location import FileLocation
from milepost.publish.review.read.patch import FileModes, LineRun
from milepost.publish.review.read.place_abstraction import fill


class CoverageError(RuntimeError):
    """A summary does not expand to the difference that it was made from: a bug in Milepost."""


class PatternAtPlace(NamedTuple):
    """A pattern of a change class at one place."""

    place: FileLocation
    pattern: Pattern
    starts: tuple[int, ...]


def pieces(classes: Iterable[ChangeClass]) -> Iterable[PatternAtPlace]:
    for found in classes:
        for variant in found.variants:
            for site in variant.sites:
                yield PatternAtPlace(site.place, variant.pattern, site.starts)


def expand(found: Iterable[PatternAtPlace], modes: Mapping[str, FileModes]) -> Iterable[str]:
    """The patch of each file, in order of path. Raises CoverageError for two pieces that hold one line."""
    runs: dict[str, list[LineRun]] = {}
    for piece in found:
        filled = runs.setdefault(piece.place.path, [])
        for (sign, text), start in zip(piece.pattern, piece.starts, strict=True):
            filled.append(LineRun(sign, start, fill(text, piece.place)))
    for path in sorted(runs):
        _once(path, runs[path])
        yield patch.render(path, modes.get(path, FileModes()), runs[path])


def check(classes: Iterable[ChangeClass], modes: Mapping[str, FileModes], raw: RawDifference) -> None:
    """Raises CoverageError unless every changed line is in exactly one class, and nothing else is in any."""
    digest, files = hashlib.sha256(), 0
    for text in expand(pieces(classes), modes):
        digest.update(text.encode("utf-8", "surrogateescape"))
        files += 1
    # Without a difference there is no digest to compare with, and no file may come out.
    if (files, digest.hexdigest()) != (raw.files, raw.sha256 or digest.hexdigest()):
        raise CoverageError(f"the summary expands to {files} files, the difference has {raw.files}")


def _once(path: str, runs: list[LineRun]) -> None:
    ends: dict[str, int] = {}
    # By place, so that the message names the line: a digest that differs would only say that
    # something is wrong.
    for run in sorted(runs, key=lambda run: (run.sign, run.start)):
        if run.start < ends.get(run.sign, 0):
            raise CoverageError(f"line {run.start} of {path} is in two lines of the summary")
        ends[run.sign] = run.start + patch.count(run.text)
