"""Schedules are read as the CronJob controller reads them."""

from __future__ import annotations

import re

import pytest

from milepost.model import cron

TAKEN = [
    "30 2 * * *",
    "*/15 0-6,22 1 jan-mar mon-fri",
    "0 0 ? * 0",
    "5/10 * * * *",
    "@daily",
    "59 23 31 12 6",
    "00 09 * * *",
]
REFUSED = [
    "* * * *",
    "* * * * * *",
    "60 * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "* * * 13 *",
    "* * * * 7",
    "*/0 * * * *",
    "*-5 * * * *",
    "1,,2 * * * *",
    "TZ=UTC 0 0 * * *",
    "@every 0s",
    "@Daily",
    "jan * * * *",
]


@pytest.mark.parametrize("schedule", TAKEN)
def test_what_the_controller_takes_is_taken(schedule: str) -> None:
    assert re.search(cron.FORM, schedule)
    cron.check(schedule)


@pytest.mark.parametrize("schedule", REFUSED)
def test_what_it_refuses_is_refused(schedule: str) -> None:
    assert not re.search(cron.FORM, schedule)


@pytest.mark.parametrize("schedule", ["9-3 * * * *", "* * * dec-jan *", "* * * * 2,fri-mon"])
def test_a_range_that_runs_backward_is_refused(schedule: str) -> None:
    """The form lets it through, as no pattern tells."""
    assert re.search(cron.FORM, schedule)
    with pytest.raises(ValueError, match="runs backward"):
        cron.check(schedule)
