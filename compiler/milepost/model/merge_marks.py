"""Merge marks: the lines that Git leaves in a file where it could not merge two changes."""

from __future__ import annotations

import re

_MARKS = re.compile(rb"^(?:<{7} |={7}\r?$|>{7} |\|{7} )", re.M)


def conflict(data: bytes) -> int | None:
    """Where the first mark begins; None where not all three kinds of a conflict stand at the beginning of a line."""
    # Nearly no file has seven such signs, and looking for them is quicker than the expression.
    if b"<<<<<<< " not in data:
        return None
    found = list(_MARKS.finditer(data))
    return found[0].start() if {match[0][:1] for match in found} >= {b"<", b"=", b">"} else None


def sides(data: bytes) -> tuple[bytes, bytes]:
    """The file as each of the two changes had it."""
    ours, theirs = bytearray(), bytearray()
    into: tuple[bytearray, ...] = (ours, theirs)
    for line in data.splitlines(keepends=True):
        if _MARKS.match(line):
            # Between `|||||||` and `=======` stands what both began with, which neither has.
            into = {b"<": (ours,), b"|": (), b"=": (theirs,), b">": (ours, theirs)}[line[:1]]
        else:
            for side in into:
                side += line
    return bytes(ours), bytes(theirs)
