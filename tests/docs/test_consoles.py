"""What the documentation shows in a console is what a console shows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import console
from goldens import Goldens

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [
    page
    for page in (README, *sorted((ROOT / "docs").glob("*.md")))
    if "```console" in page.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_reader_sees_what_the_page_shows(page: Path, tmp_path: Path, goldens: Goldens) -> None:
    """Every command of the page, run in order in its reader's folder, prints what stands below it.

    The reader of a page in ``docs`` starts in an empty folder, the reader of the README in a checkout.
    """
    if page == README:
        for folder in ("fleet-spec", "rendered"):
            shutil.copytree(ROOT / folder, tmp_path / folder)
        console.run("git init -q && git add . && git commit -qm Checkout", tmp_path)
    text = page.read_text(encoding="utf-8")
    printed = [console.run(step.command, tmp_path) for step in console.steps(text)]
    if goldens.mode == "overwrite":
        text = console.rewritten(text, printed)
        page.write_text(text, encoding="utf-8")
    wrong = [
        f"{page.name}:{step.line}: $ {step.command}\n" + "\n".join(output)
        for step, output in zip(console.steps(text), printed, strict=True)
        if not console.matches(step.expected, output)
    ]
    assert not wrong, "\n\n".join(wrong)


def test_the_readme_and_the_tutorial_are_among_them() -> None:
    """They are not skipped because their blocks are written in another way."""
    assert {README, ROOT / "docs" / "tutorial.md"} <= set(PAGES)
