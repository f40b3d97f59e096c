"""Place abstraction: takes the names of a place out of a text, so that the same change reads the same everywhere.

Marks are private-use characters; where a text holds such a character itself, it is escaped. Filling is exact.
"""

from __future__ import annotations

import re

from milepost.publish.review.read.file_location import FileLocation

STATION, GROUP, PROVINCE = "\ue010", "\ue011", "\ue012"
_ESCAPE = "\ue013"

_MARK = re.compile(f"{_ESCAPE}(.)|[{STATION}{GROUP}{PROVINCE}]", re.S)
_RESERVED = re.compile(f"[{STATION}{GROUP}{PROVINCE}{_ESCAPE}]")
_WORDS = {STATION: "{station}", GROUP: "{group}", PROVINCE: "{province}"}


def abstract(text: str, place: FileLocation) -> str:
    """``text`` with a mark for each name of its place that stands there as a word of its own."""
    if not text.isascii():
        # Escaped before anything is marked, so that filling gives back exactly what was there.
        text = _RESERVED.sub(lambda found: _ESCAPE + found[0], text)
    # The station first: its name often holds the group's.
    for name, mark in ((place.station, STATION), (place.group, GROUP), (place.province, PROVINCE)):
        if name and name in text:
            text = _marked(text, name, mark)
    return text


def fill(text: str, place: FileLocation) -> str:
    """The text that ``abstract`` was given."""
    if text.isascii():
        return text
    names = {STATION: place.station, GROUP: place.group, PROVINCE: place.province}
    return _MARK.sub(lambda found: found[1] or names[found[0]], text)


def legible(text: str) -> str:
    """Marks as people read them: ``redis-{station}``."""
    return _MARK.sub(lambda found: found[1] or _WORDS[found[0]], text)


def _marked(text: str, name: str, mark: str) -> str:
    parts, start = [], 0
    while (found := text.find(name, start)) >= 0:
        end = found + len(name)
        # A station called `a` must not be found in every word. A hyphen ends a word here, since
        # names are joined with it.
        alone = not (text[found - 1 : found].isalnum() or text[end : end + 1].isalnum())
        parts.append(text[start:found] + (mark if alone else name))
        start = end
    return "".join(parts) + text[start:]
