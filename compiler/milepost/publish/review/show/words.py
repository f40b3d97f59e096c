"""Sentences whose names stand apart from the words, so that each form can set (and escape) them in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

LONGEST = 80
"""Characters of a name or value that a sentence shows."""


class TreeName(NamedTuple):
    """Something from the trees: a name, a path, a value."""

    text: str


Words = tuple[str | TreeName, ...]


def name(text: str) -> TreeName:
    """One line that can be printed, shortened in its middle where it is long."""
    flat = " ".join(text.split())
    # Marks that turn the direction of text around would show a reviewer something else than
    # what is there.
    if not flat.isprintable():
        flat = "".join(c if c.isprintable() else "\ufffd" for c in flat)
    if len(flat) > LONGEST:
        flat = f"{flat[: LONGEST // 2 - 1]}…{flat[-LONGEST // 2 :]}"
    return TreeName(flat)


def plain(words: Words) -> str:
    return "".join(word if isinstance(word, str) else word.text for word in words)


def counted(number: int, thing: str) -> str:
    """``1 station``, ``1,204 stations``."""
    plural = f"{thing[:-1]}ies" if thing.endswith("y") else f"{thing}s"
    return f"{number:,} {thing if number == 1 else plural}"


def listed(names: Iterable[str], shown: int = 3) -> Words:
    """Names with commas, ``and 9 more`` in the place of the rest."""
    every: Sequence[str] = sorted(names)
    words: list[str | TreeName] = []
    for each in every[:shown]:
        words += [", "] * bool(words) + [name(each)]
    if len(every) > shown:
        words.append(f" and {len(every) - shown:,} more")
    return tuple(words)
