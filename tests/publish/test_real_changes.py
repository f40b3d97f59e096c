"""Real changes: the page that a reviewer reads of each, and which guards it meets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from goldens import Goldens
from milepost.publish import forms
from publish.real_changes import CHANGES, Change, every, replaced, reviewed

pytestmark = pytest.mark.slow

PAGES = Path(__file__).with_name("pages")


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generated")


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_the_page_of_a_change_says_what_it_does(
    name: str, tmp_path: Path, fleet: Path, goldens: Goldens
) -> None:
    """The Markdown page is as expected; the guards are those that it must meet; what is dangerous stands above."""
    change = CHANGES[name]
    found = reviewed(change, tmp_path / "spec", fleet)
    assert sorted({f.diagnostic.code.id for f in found.findings if f.tripped}) == sorted(change.codes)
    page = forms.get("markdown").render(found)
    for form in ("markdown", "text", "html"):
        text = forms.get(form).render(found).replace("\\", "")
        assert all(word.lower() in text.lower() for word in change.says), form
    # Digests follow from every byte of the fleet, and say nothing about a page.
    page = re.sub(r"(allows: [a-z-]+-)[0-9a-f]{8}", r"\1…", re.sub(r"sha256:[0-9a-f]{64}", "sha256:…", page))
    goldens.check_text(PAGES / f"{name}.md", page)


def test_every_page_is_of_a_change() -> None:
    """No page is left of a change that is gone."""
    assert {path.stem for path in PAGES.glob("*.md")} == set(CHANGES)


def test_the_fleet_says_how_much_may_restart_and_what_is_watched(tmp_path: Path, fleet: Path) -> None:
    """`restarts` is met by stations and by groups, each alone; a danger that is not in `watch` waits for nobody."""
    change = CHANGES["data-path"]
    rules = "  guards:\n    restarts: {stations: %s, groups: %s}\n    watch: []\n  acknowledge:\n"
    for number, (stations, groups, trips) in enumerate(((84, 12, True), (85, 1, False), (20, 13, False))):
        edit = every(change.edit, replaced("fleet.yaml", "  acknowledge:\n", rules % (stations, groups)))
        found = reviewed(Change(edit), tmp_path / str(number), fleet)
        own = [
            f
            for f in found.findings
            if f.diagnostic.code.id == "MP7008"
            and f"restart {stations} stations, or {groups} station" in f.diagnostic.message
        ]
        assert bool(own) is trips
        # The guards of the base hold all the same, and that they are looser is told.
        assert {"MP7016", "MP7010", "MP7008"} == {f.diagnostic.code.id for f in found.findings if f.tripped}
