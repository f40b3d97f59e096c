"""A small part of every campaign, in the ordinary suite."""

from __future__ import annotations

from types import ModuleType

import pytest

from faults.__main__ import campaigns, page
from faults.figures import Figures


@pytest.mark.parametrize("campaign", campaigns(), ids=lambda module: module.NAME)
def test_nothing_goes_wrong(campaign: ModuleType) -> None:
    """As many as were asked for were tried, and each came to something that may be."""
    figures = campaign.run(campaign.QUICK, seed=1)
    assert figures.wrong == []
    assert figures.tried == campaign.QUICK == sum(figures.kinds.values())


def test_what_goes_wrong_stands_on_the_page() -> None:
    figures = Figures("Things were tried.", "They hold.")
    figures.add("held")
    figures.fail("seed 7 did not")
    said = page([("things", figures, 60.0)], 1, "abc")
    assert "| things | 2 | 1 held | 1 | 1.0 |" in said
    assert "- wrong: seed 7 did not" in said
