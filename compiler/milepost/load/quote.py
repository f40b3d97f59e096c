"""Quoting of file content in messages: one line, not too long, without control characters."""

from __future__ import annotations

_LONGEST = 60


def quote(text: str) -> str:
    """``text`` as it is, unless it is long or would not print: then shortened, and with escapes."""
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
    # Control characters of a file must not reach a terminal, where they can rewrite what stands
    # there.
    return short if short.isprintable() else ascii(short)[1:-1]
