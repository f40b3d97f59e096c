"""Times in which nothing changes: real days, and an end that comes after the beginning."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from milepost.model.spec.guard_settings import Freeze


def freeze(start: str, end: str) -> Freeze:
    return Freeze.model_validate({"name": "spring", "from": start, "until": end})


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2027-02-05", "2027-02-05"),
        ("2028-02-29", "2028-03-01T12:00+08:00"),
        ("2027-02-05T18:00Z", "2027-02-05T18:00:01Z"),
        ("2027-02-06T01:00+08:00", "2027-02-05T18:00Z"),
    ],
)
def test_a_time_that_is_one_is_taken(start: str, end: str) -> None:
    assert freeze(start, end).end == end


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-02-29", "2026-03-31"),
        ("2026-03-01", "2026-03-32"),
        ("2026-03-01T24:30Z", "2026-03-05"),
        ("2026-12-31", "2026-11-01"),
        ("2027-02-05T18:00Z", "2027-02-05T17:59Z"),
        ("2027-02-05T18:00Z", "2027-02-06T01:00+08:00"),
    ],
)
def test_a_time_that_cannot_be_is_refused(start: str, end: str) -> None:
    """The guard would compare such days as they come, and never or always close."""
    with pytest.raises(ValidationError):
        freeze(start, end)
