"""The raw difference, made from the summary's lines: ``git apply --unidiff-zero`` takes it."""

from __future__ import annotations

from milepost.publish.review import Review, certificate

NAME = "raw"


def render(review: Review) -> str:
    pieces = certificate.pieces(line.found for line in review.lines)
    return "".join(certificate.expand(pieces, review.modes))
