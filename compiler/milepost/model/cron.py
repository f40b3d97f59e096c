"""Cron schedules: the five fields, or a macro, as the CronJob controller reads them. Never says when the next run is.

Source: robfig/cron v3, ``ParseStandard``, which Kubernetes calls; a time zone within the schedule is refused there.
"""

from __future__ import annotations

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),
)
"""Name, least and most of each, and names of its values from the least on."""
_WORDS = ("yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly")


_NUMBERS = ("[0-5]?[0-9]", "[01]?[0-9]|2[0-3]", "0?[1-9]|[12][0-9]|3[01]", "0?[1-9]|1[0-2]", "0?[0-6]")
"""Of each field. Short, as every start of Milepost reads them."""


def _form(numbers: str, names: tuple[str, ...]) -> str:
    """A field: lists of steps of ranges; that a range does not run backward no pattern tells."""
    values = "|".join([numbers, *names])
    part = rf"(?:[*?]|(?:{values})(?:-(?:{values}))?)(?:/[1-9][0-9]{{0,2}})?"
    return rf"{part}(?:,{part})*"


FORM = rf"^(?:@(?:{'|'.join(_WORDS)})|{' '.join(_form(n, f[3]) for n, f in zip(_NUMBERS, _FIELDS, strict=True))})$"
"""Names in small letters, single blanks between the fields."""
_RANGE = re.compile(r"([0-9a-z]+)-([0-9a-z]+)")


def check(schedule: str) -> None:
    """Raises ValueError for a range that runs backward; everything else is told by ``FORM``."""
    for text, (name, least, _, names) in zip(schedule.split(), _FIELDS, strict=False):
        for first, last in _RANGE.findall(text):
            if _number(first, least, names) > _number(last, least, names):
                raise ValueError(f"runs backward at {first}-{last}, in the {name}")


def _number(text: str, least: int, names: tuple[str, ...]) -> int:
    return names.index(text) + least if text in names else int(text)
