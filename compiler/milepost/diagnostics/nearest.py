"""Spelling suggestions: the nearest known name for one that does not exist."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(wrong: str, known: Iterable[str]) -> str | None:
    """A hint such as ``did you mean "lane"?``, or the list of known names when it is short, or None."""
    names = sorted(set(known))
    near = difflib.get_close_matches(wrong, names, n=1, cutoff=0.6)
    if near:
        return f'did you mean "{near[0]}"?'
    if names and len(names) <= 8:
        return "known here: " + ", ".join(names)
    return None
