"""The end of maintenance of a province's Kubernetes, told for a day that somebody gives and for no other."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from cases import claims
from milepost import driver
from milepost.model.versions.kubernetes import END_OF_LIFE, KNOWN, number


def said(on: date | None) -> list[str]:
    """What a check of the base fleet, which has Kubernetes 1.32, says on a day."""
    found = driver.run(driver.RunRequest(claims.BASE / "fleet-spec", jobs=1, cached=False, on=on))
    assert found.verdict is driver.RunVerdict.FINE
    return [f"{d.code.id} {d.message}" for d in found.diagnostics]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (None, []),
        (date(2026, 2, 28), []),
        (date(2026, 3, 1), ["MP2084 Kubernetes 1.32 has got no fixes since 2026-02-28"]),
    ],
)
def test_a_warning_begins_the_day_after_the_last_fix(on: date | None, expected: list[str]) -> None:
    """It is a warning: the fleet still compiles."""
    assert said(on) == expected


def test_minor_versions_follow_each_other_and_end_in_order() -> None:
    """No version is left out of the table, and none outlives a newer one."""
    for older, newer in pairwise(KNOWN):
        assert number(newer) == number(older) + 1
        assert END_OF_LIFE[older] < END_OF_LIFE[newer]
