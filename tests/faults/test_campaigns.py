"""A small part of every campaign, in the ordinary suite."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from faults.__main__ import campaigns, page
from faults.figures import Figures

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("campaign", list(campaigns()), ids=lambda module: module.NAME)
def test_nothing_goes_wrong(campaign: ModuleType) -> None:
    """As many as were asked for were tried, and each came to something that may be."""
    if missing := [program for program in getattr(campaign, "NEEDS", ()) if shutil.which(program) is None]:
        pytest.skip(f"not on this machine: {', '.join(missing)}")
    figures = campaign.run(campaign.QUICK, seed=1)
    assert figures.wrong == []
    assert figures.tried == campaign.QUICK == sum(figures.kinds.values())


def test_every_campaign_is_run_by_schedule() -> None:
    """As a job of its own."""
    workflow = yaml.safe_load((Path(__file__).parents[2] / ".github/workflows/faults.yml").read_text())
    jobs = workflow["jobs"]["campaign"]["strategy"]["matrix"]["campaign"]
    assert sorted(jobs) == sorted(module.NAME for module in campaigns())


def test_what_goes_wrong_stands_on_the_page() -> None:
    figures = Figures("Things were tried.", "They hold.")
    figures.add("held")
    figures.fail("seed 7 did not")
    said = page({"things": {**vars(figures), "whole": 10, "seed": 1, "commit": "abc"}})
    assert "| things | 2 of 10 | 1 held | 1 | `abc`, 1 |" in said
    assert "- wrong: seed 7 did not" in said


def test_the_page_is_made_of_its_figures() -> None:
    docs = Path(__file__).parents[2] / "docs"
    assert (docs / "faults.md").read_text() == page(
        json.loads((docs / "faults" / "figures.json").read_text())
    )
