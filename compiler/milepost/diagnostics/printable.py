"""Printable text: text of unknown origin made safe for a terminal or a log, with a known width."""

from __future__ import annotations

import unicodedata

TAB = "    "
_DELETE = 0x7F


def printable(text: str) -> str:
    """One line: tabs become spaces, control characters their pictures, other characters without a shape U+FFFD."""
    return text if text.isprintable() else "".join(map(_shape, text))


def width(text: str) -> int:
    """Columns that a printable text takes: East Asian wide characters two, combining ones none."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _shape(character: str) -> str:
    number = ord(character)
    if character == "\t":
        return TAB
    if number < 0x20:
        return chr(0x2400 + number)
    if number == _DELETE:
        return "\u2421"
    if character.isprintable() or character in "\u200c\u200d\u3000":
        return character
    return " " if unicodedata.category(character) == "Zs" else "\ufffd"


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
