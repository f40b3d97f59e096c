"""Patches of a fleet spec: unified diffs whose hunks are found by their text, so that lines around them may come and go.

``--- a`` and ``+++ b`` open a file as Git writes it (``/dev/null`` for one that is added or removed), ``@@`` opens a hunk.
The lines that a hunk keeps and removes must stand in the file exactly once; a hunk that only adds goes to the end of
the file, or begins it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Files = dict[str, str]
NO_FILE = "/dev/null"


@dataclass(frozen=True)
class FilePatch:
    """``old`` and ``new`` are paths; a hunk is its lines, each with the sign in front."""

    old: str
    new: str
    hunks: tuple[tuple[str, ...], ...]


def apply(patch: str, files: Mapping[str, str]) -> Files:
    """``files`` after ``patch``. Raises ValueError, with the hunk, where it fits nowhere or more than once."""
    patched = dict(files)
    for part in parse(patch):
        text = "" if part.old == NO_FILE else patched.pop(part.old)
        for hunk in part.hunks:
            text = _apply_hunk(hunk, text, part.new)
        if part.new != NO_FILE:
            patched[part.new] = text
    return patched


def parse(patch: str) -> Iterator[FilePatch]:
    """The files of a patch. Raises ValueError for a line that is none of a patch's."""
    lines = patch.splitlines()
    starts = [n for n, line in enumerate(lines) if line.startswith("--- ") and n + 1 < len(lines)]
    starts = [n for n in starts if lines[n + 1].startswith("+++ ")]
    if lines and starts[:1] != [0]:
        raise ValueError(f"a patch begins with `--- old` and `+++ new`, not with {lines[0]!r}")
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield FilePatch(lines[start][4:], lines[start + 1][4:], tuple(_hunks(lines[start + 2 : end])))


def _hunks(lines: list[str]) -> Iterator[tuple[str, ...]]:
    hunk: list[str] = []
    for line in lines:
        if line.startswith("@@"):
            yield from [tuple(hunk)] if hunk else []
            hunk = []
        elif line[:1] in (" ", "+", "-"):
            hunk.append(line)
        else:
            raise ValueError(f"a line of a hunk begins with a space, + or -: {line!r}")
    yield from [tuple(hunk)] if hunk else []


def _apply_hunk(hunk: tuple[str, ...], text: str, path: str) -> str:
    old = "".join(f"{line[1:]}\n" for line in hunk if line[0] != "+")
    new = "".join(f"{line[1:]}\n" for line in hunk if line[0] != "-")
    if not old:
        return text + new
    found = len(re.findall(f"^(?={re.escape(old)})", text, re.M))
    if found != 1:
        raise ValueError(f"{path} holds these lines {found} times, and a patch wants them once:\n{old}")
    return f"\n{text}".replace(f"\n{old}", f"\n{new}", 1)[1:]
