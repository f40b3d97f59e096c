"""The sentences of a page, without Markdown's signs, and what shows each: a claim, another test, or the base tree.

A row of a table is one sentence, and so is what a comment in an example says, and what a listing of files says of one.
Headings, the rest of code, commands and the heads of tables are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from cases import claims

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("placement", "registries", "releases", "tree")
"""Those of which every sentence is shown."""
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```\n", re.M | re.S)
_NOTES = {"yaml": re.compile(r"# (.+)$", re.M), "": re.compile(r"^ *\S+ {2,}(.+)$", re.M)}
"""What is said within code, by its language."""
_HEAD = re.compile(r"^\|.*\n(?=\|[-| ]+\|\n)", re.M)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_END = re.compile(r"(?<=[.!?])\)?\s+(?=[A-Z(`])")


@dataclass(frozen=True)
class Shown:
    """``words`` of a page, and by what: the name of a claim, ``folder/test_file.py::test``, or a reason why by nothing."""

    page: str
    words: str
    claim: str | None = None
    test: str | None = None
    base: str | None = None
    why: str | None = None


@cache
def sentences(page: str) -> tuple[str, ...]:
    """Every sentence of ``docs/<page>.md``, in order."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    notes = [
        note
        for language, code in _FENCE.findall(text)
        if language in _NOTES
        for note in _NOTES[language].findall(code)
    ]
    text = _HEAD.sub("", _FENCE.sub("", text))
    blocks = re.split(r"\n\s*\n|\n(?=[-|#] ?|\d+\. )", text)
    return (*notes, *(sentence for block in blocks for sentence in _of_block(block.strip())))


def plain(text: str) -> str:
    """As a reader sees it: a link is its words, and a line break is a space."""
    return " ".join(_LINK.sub(r"\1", text).replace("**", "").split())


def _of_block(block: str) -> Iterator[str]:
    if not block or block.startswith("#") or re.fullmatch(r"\|[-| ]+\|", block):
        return
    if block.startswith("|"):
        yield plain(block.strip("|"))
    else:
        yield from (plain(part) for part in _END.split(re.sub(r"^(- |\d+\. )", "", block)) if part.strip())


@cache
def shown() -> tuple[Shown, ...]:
    """What claims quote, and what ``elsewhere.yaml`` lists."""
    quoted = [
        Shown(page, plain(words), claim=name)
        for name in claims.names()
        for page, words in claims.claim(name).quotes
    ]
    listed = yaml.load((claims.FOLDER / "elsewhere.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return (
        *quoted,
        *(Shown(page, plain(item.pop("words")), **item) for page in listed for item in listed[page]),
    )
