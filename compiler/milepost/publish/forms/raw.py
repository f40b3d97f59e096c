"""The raw difference, made from the summary's lines: ``git apply --unidiff-zero`` takes it."""

from __future__ import annotations

from milepost.publish.review import Review
from milepost.publish.review.judge import coverage_proof

NAME = "raw"


def render(review: Review) -> str:
    pieces = coverage_proof.pieces(line.found for line in review.lines)
    return "".join(coverage_proof.expand(pieces, review.modes))
