"""Every sentence of the pages about placement, releases, registries and the tree is shown by something that can fail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cases import claims
from cases.sentences import PAGES, Shown, sentences, shown

TESTS = Path(__file__).parents[1]
ADD = "quote it in a claim of tests/cases, or name in tests/cases/elsewhere.yaml the test that shows it"
HOLD = "a page no longer says so: correct the quote, or what the claim shows"


@pytest.mark.parametrize(("page", "sentence"), [(page, s) for page in PAGES for s in sentences(page)])
def test_a_sentence_is_shown(page: str, sentence: str) -> None:
    """Words of it are quoted."""
    assert any(s.page == page and s.words in sentence for s in shown()), f"{sentence!r}: {ADD}"


@pytest.mark.parametrize("quote", shown(), ids=lambda s: f"{s.page}: {s.words[:60]}")
def test_a_quote_is_what_the_page_says(quote: Shown) -> None:
    """Of one sentence, word by word."""
    assert quote.page in PAGES
    assert any(quote.words in sentence for sentence in sentences(quote.page)), f"{quote.words!r}: {HOLD}"


@pytest.mark.parametrize("quote", [s for s in shown() if s.test], ids=lambda s: s.test)
def test_a_test_that_is_named_is_there(quote: Shown) -> None:
    """A test that is gone shows nothing."""
    path, _, name = str(quote.test).partition("::")
    assert re.search(rf"^def {name}\(", (TESTS / path).read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize("quote", [s for s in shown() if s.base], ids=lambda s: s.words[:60])
def test_the_base_tree_holds_what_is_said_of_it(quote: Shown) -> None:
    """``base`` is a file and text of it."""
    path, _, text = str(quote.base).partition(" ")
    assert text in (claims.BASE / "rendered" / path).read_text(encoding="utf-8")


def test_claims_are_most_of_what_shows_the_pages() -> None:
    """And each page is shown by claims of its own, at least a dozen."""
    for page in PAGES:
        assert len({s.claim for s in shown() if s.page == page and s.claim}) >= 12, page
