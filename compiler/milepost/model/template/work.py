"""Work limits of one text. Counted and never timed, so that a template is refused on every machine or on none.

A step is a turn of a loop, a call, an item of a list that is made or looked at, or a few hundred characters of text; a
turn through many expressions, and a call of a macro that has many, is more.
"""

from __future__ import annotations

import threading
from collections.abc import ItemsView, Iterable, Iterator, KeysView, ValuesView
from contextlib import contextmanager
from itertools import islice
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from milepost.model.template.bad import BadTemplateError, TemplateLimitError

STEPS = 100_000
TEXT = 2**20
"""Characters of a text, also of one on the way to it: a ConfigMap holds no more."""
WIDTH = 1000
"""The largest width that text may be padded to, and the largest number of items of a batch."""
BITS = 4096
"""Of a whole number."""
DEPTH = 32
"""Macros, blocks and loops inside of each other: what Python allows depends on who calls."""
_CHUNK = 256
"""Characters of a step."""
_FUNCTIONS = (BuiltinFunctionType, FunctionType, MethodType)
_CONTAINERS = (list, tuple, dict, set, frozenset, KeysView, ValuesView, ItemsView)
"""What is looked into; an undefined value and a loop have a length as well, and asking for it would be a use of them."""
_HINT = "loop over less, or let the image bring the file"


class _Work(threading.local):
    """What is left for the text that this thread fills."""

    left = STEPS
    depth = 0


_WORK = _Work()


def begin() -> None:
    """A new text may take all of it."""
    _WORK.left, _WORK.depth = STEPS, 0


def charge(steps: int) -> None:
    """Raises TemplateLimitError when the text has taken more than it may."""
    _WORK.left -= steps
    if _WORK.left < 0:
        raise TemplateLimitError(f"it takes more than {STEPS:,} steps to make one text", hint=_HINT)


@contextmanager
def deeper() -> Iterator[None]:
    """A call within a call. Raises TemplateLimitError where there are too many inside of each other."""
    _WORK.depth += 1
    if _WORK.depth > DEPTH:
        raise TemplateLimitError(f"macros, blocks and loops call each other more than {DEPTH} deep")
    yield
    _WORK.depth -= 1


def measure(value: Any) -> int:
    """Steps to look at a value once. Raises BadTemplateError for a function: Python would show its address."""
    if isinstance(value, str):
        return 1 + len(value) // _CHUNK
    if isinstance(value, _FUNCTIONS):
        raise BadTemplateError("a function is no value; call it")
    return 1 + len(value) if isinstance(value, _CONTAINERS) else 1


def weigh(value: Any) -> int:
    """Charge for a value and all that is in it, however often; gives the characters of all text in it."""
    # A list instead of recursion: the nesting of a value is the template's to choose, and
    # Python's stack is not.
    characters, stack = 0, [value]
    while stack:
        item = stack.pop()
        charge(measure(item))
        if isinstance(item, str):
            characters += len(item)
        elif isinstance(item, dict):
            stack += (*item.keys(), *item.values())
        elif isinstance(item, _CONTAINERS):
            stack += item
    return characters


def listed(value: Any) -> Any:
    """What is given piece by piece, as a list: whoever looks at it has to know how long it is."""
    return list(value) if isinstance(value, Iterator) else value


def check_length(characters: int) -> None:
    """Raises TemplateLimitError for a text that would be longer than any may be."""
    if characters > TEXT:
        raise TemplateLimitError(f"it makes more than {TEXT // 2**20} MiB of text", hint=_HINT)


def check_widths(*values: Any) -> None:
    """Raises TemplateLimitError for a width, a precision or a number of items that no config file needs."""
    for value in values:
        if isinstance(value, int | float) and not -WIDTH <= value <= WIDTH:
            raise TemplateLimitError(f"widths and counts go up to {WIDTH}", hint=None)


def joined(pieces: Iterable[str]) -> str:
    """The pieces one after the other. They may come without end, so they are taken a thousand at a time."""
    kept: list[str] = []
    characters, rest = 0, iter(pieces)
    # In pieces, since Jinja gives the text as a generator that need not end.
    while some := list(islice(rest, 1000)):
        characters += sum(map(len, some))
        check_length(characters)
        kept += some
    return "".join(kept)
