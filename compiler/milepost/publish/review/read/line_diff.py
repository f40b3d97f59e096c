"""Line differences between two texts. Fast where they are mostly equal, which is what rendered trees are.

A difference is right if it turns the one into the other; it need not be the shortest.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

_LARGEST = 4_000_000
"""Cells that the matcher may look at before one large hunk is the better answer."""


class DiffHunk(NamedTuple):
    """A hunk of differing lines: ``old[start:end]`` became ``new[new_start:new_end]``; counted from 0."""

    start: int
    end: int
    new_start: int
    new_end: int


def split(text: str) -> list[str]:
    """Lines with their line feed; only a line feed ends a line, as in Git."""
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def differing(old: Sequence[str], new: Sequence[str]) -> list[DiffHunk]:
    """The hunks, in order; none touches the next."""
    shorter = min(len(old), len(new))
    head = 0
    # Equal heads and tails first: in rendered trees they are nearly everything, and the matcher
    # is quadratic.
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return _middle(old, new, head, len(old) - tail, len(new) - tail)


def _middle(old: Sequence[str], new: Sequence[str], start: int, end: int, new_end: int) -> list[DiffHunk]:
    if start == end and start == new_end:
        return []
    if start in (end, new_end):
        return [_slid(old, new, DiffHunk(start, end, start, new_end), 0)]
    if end == new_end and (hunks := _line_by_line(old, new, start, end)):
        return hunks
    # A file that was replaced as a whole: a minute of matching would only find equal braces and
    # empty lines.
    if (end - start) * (new_end - start) > _LARGEST:
        return [DiffHunk(start, end, start, new_end)]
    slid: list[DiffHunk] = []
    for found in _matched(tuple(old[start:end]), tuple(new[start:new_end])):
        floor = slid[-1].end + 1 if slid else 0
        slid.append(_slid(old, new, DiffHunk(*(place + start for place in found)), floor))
    return slid


def _line_by_line(old: Sequence[str], new: Sequence[str], start: int, end: int) -> list[DiffHunk]:
    """Lines that changed in place; nothing when more than half of them did, as then something moved."""
    places = [i for i in range(start, end) if old[i] != new[i]]
    if len(places) * 2 > end - start + 1:
        return []
    hunks: list[DiffHunk] = []
    for i in places:
        if hunks and hunks[-1].end == i:
            hunks[-1] = DiffHunk(hunks[-1].start, i + 1, hunks[-1].new_start, i + 1)
        else:
            hunks.append(DiffHunk(i, i + 1, i, i + 1))
    return hunks


@lru_cache(maxsize=4096)
def _matched(old: tuple[str, ...], new: tuple[str, ...]) -> list[DiffHunk]:
    # Without the heuristic for "junk": it drops lines that are frequent, which in YAML are the
    # structure.
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [DiffHunk(*code[1:]) for code in codes if code[0] != "equal"]


def _slid(old: Sequence[str], new: Sequence[str], hunk: DiffHunk, floor: int) -> DiffHunk:
    """A pure insertion or removal, slid up to where its first line is outermost: a whole item, not two halves of two.

    Never above line ``floor`` of the old text, where the hunk before ends.
    """
    removal = hunk.new_start == hunk.new_end
    if not removal and hunk.start != hunk.end:
        return hunk
    lines, start, end = (old, hunk.start, hunk.end) if removal else (new, hunk.new_start, hunk.new_end)
    best, slide = _indent(lines[start]), 0
    for step in range(1, min(end - start, hunk.start - floor + 1)):
        if lines[start - step] != lines[end - step]:
            break
        if _indent(lines[start - step]) < best:
            best, slide = _indent(lines[start - step]), step
    return DiffHunk(*(place - slide for place in hunk))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
