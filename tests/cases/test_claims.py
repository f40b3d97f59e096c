"""Claims: a change of the base fleet makes exactly the patch of its tree that was looked at, and is told so much of."""

from __future__ import annotations

import pytest

from cases import claims
from goldens import Goldens


def test_base(goldens: Goldens) -> None:
    """The whole tree of the fleet that claims change, byte for byte; nothing is said about it."""
    compiled = claims.compiled(None)
    assert compiled.said == ""
    goldens.check_tree(claims.BASE / "rendered", compiled.files)


@pytest.mark.parametrize("name", claims.names())
def test_claim(name: str, goldens: Goldens) -> None:
    """The patch of the tree and the diagnostics are those that were looked at when the claim was made."""
    claim = claims.claim(name)
    text = claim.with_results(claims.patch(name), claims.said(name))
    goldens.check_text(claims.path(name), text, exists=claim.expected)
    claims.claim.cache_clear()


@pytest.mark.parametrize("name", claims.names())
def test_a_claim_is_whole(name: str) -> None:
    """A title, a change, and what became of it; a refused fleet has no patch, and any other has one."""
    claim = claims.claim(name)
    assert claim.text.startswith("# ") and claim.title
    assert claim.change
    assert claim.refused != ("diff tree" in claim.blocks)


def test_every_file_here_is_of_a_claim_or_of_the_base() -> None:
    """What nothing reads would be kept up for nothing."""
    files = (p for p in claims.FOLDER.glob("*/**/*") if p.is_file() and "__pycache__" not in p.parts)
    known = {claims.path(name) for name in claims.names()}
    assert [p for p in files if p not in known and claims.BASE not in p.parents] == []
