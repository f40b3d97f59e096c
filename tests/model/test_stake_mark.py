"""Stake marks: what road design writes is taken, and drawn where it lies along the road."""

from __future__ import annotations

import re

import pytest

from milepost.model import stake_mark
from milepost.model.stake_mark import kilometre


@pytest.mark.parametrize(
    ("mark", "place"),
    [
        ("K1234+500", 1234.5),
        ("K0+000", 0),
        ("ZK1511+200.50", 1511.2005),
        ("YK1511+200", 1511.2),
        ("AK0+123", None),
        ("BK1+050.125", None),
        ("LZK12+100", None),
    ],
)
def test_a_mark_of_the_trade_is_taken(mark: str, place: float | None) -> None:
    """Carriageways lie along the road; ramps count from a zero of their own and are drawn nowhere."""
    assert re.search(stake_mark.FORM, mark)
    assert kilometre(mark) == place


@pytest.mark.parametrize(
    "mark", ["1489.3", "K1234", "K1234+5", "k1234+500", "K1234+500.", "ABCK1+000", "K1234+500 "]
)
def test_what_is_no_mark_is_refused(mark: str) -> None:
    """And lies nowhere."""
    assert not re.search(stake_mark.FORM, mark)
    assert kilometre(mark) is None
