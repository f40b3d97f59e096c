"""The raw patch: one without context that ``git apply --unidiff-zero`` takes.

One text for one set of changed lines, however they were found or grouped. That is what lets a summary be checked.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from milepost.publish.review.read.tree_source import REGULAR

ABSENT = "000000"
"""The mode of a file that is not there."""

_UNSAFE = re.compile(r'["\\\x00-\x1f\x7f]')
_NO_END = "\\ No newline at end of file\n"


class LineRun(NamedTuple):
    """A run of changed lines, consecutive ones of one side. ``sign`` is ``-`` for the old file; ``start`` counts its lines from 1."""

    sign: str
    start: int
    text: str


class FileModes(NamedTuple):
    """Git modes of a file, before and after."""

    old: str = REGULAR
    new: str = REGULAR


def render(path: str, modes: FileModes, runs: Sequence[LineRun]) -> str:
    """The patch of one file; ``runs`` in any order and cut anywhere."""
    body = "".join(_hunks(runs))
    head = f"diff --git {_quoted('a/' + path)} {_quoted('b/' + path)}\n" + _mode_lines(modes)
    if not body:
        return head
    old = "/dev/null" if modes.old == ABSENT else _named("a/" + path)
    new = "/dev/null" if modes.new == ABSENT else _named("b/" + path)
    return f"{head}--- {old}\n+++ {new}\n{body}"


def _mode_lines(modes: FileModes) -> str:
    if modes.old == ABSENT:
        return f"new file mode {modes.new}\n"
    if modes.new == ABSENT:
        return f"deleted file mode {modes.old}\n"
    return "" if modes.old == modes.new else f"old mode {modes.old}\nnew mode {modes.new}\n"


def _hunks(runs: Sequence[LineRun]) -> Iterator[str]:
    removed, added = deque(_whole(runs, "-")), deque(_whole(runs, "+"))
    shift = 0
    while removed or added:
        at_old = removed[0].start if removed else _FAR
        # In lines of the old file: what was added so far moves the new numbers.
        at_new = added[0].start - shift if added else _FAR
        gone = removed.popleft().text if at_old <= at_new else ""
        came = added.popleft().text if at_new <= at_old else ""
        start, lost, won = min(at_old, at_new), count(gone), count(came)
        yield _hunk(start, lost, start + shift, won) + _signed("-", gone) + _signed("+", came)
        shift += won - lost


_FAR = 1 << 60


def _whole(runs: Sequence[LineRun], sign: str) -> list[LineRun]:
    """The runs of one side in order; adjacent runs are merged."""
    joined: list[LineRun] = []
    for run in sorted((run for run in runs if run.sign == sign), key=lambda run: run.start):
        last = joined[-1] if joined else None
        # Joined, so that one set of lines is one text however it was cut; the proof compares
        # digests.
        if last and last.start + last.text.count("\n") == run.start:
            joined[-1] = last._replace(text=last.text + run.text)
        else:
            joined.append(run)
    return joined


def _hunk(start: int, lost: int, new_start: int, won: int) -> str:
    """Git names the line before where a side has none."""
    return f"@@ -{start if lost else start - 1},{lost} +{new_start if won else new_start - 1},{won} @@\n"


def count(text: str) -> int:
    """Lines, the last one counted also without its line feed."""
    return text.count("\n") + (text[-1:] not in ("", "\n"))


def _signed(sign: str, text: str) -> str:
    if not text:
        return ""
    whole = text.endswith("\n")
    body = sign + (text[:-1] if whole else text).replace("\n", f"\n{sign}") + "\n"
    return body if whole else body + _NO_END


def _quoted(path: str) -> str:
    if not _UNSAFE.search(path):
        return path
    return '"' + _UNSAFE.sub(lambda c: "\\" + (c[0] if c[0] in '"\\' else f"{ord(c[0]):03o}"), path) + '"'


def _named(path: str) -> str:
    """A name with a blank ends in a tab, so that what follows is not taken for a time."""
    quoted = _quoted(path)
    return quoted + "\t" if " " in quoted and quoted == path else quoted
