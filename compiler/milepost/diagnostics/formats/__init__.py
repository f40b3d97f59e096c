"""Output formats of diagnostics, one a file. A new format is a new file here; nothing has to be registered.

A form offers ``NAME``, which is its file's name, and ``render``. It knows the diagnostics and nothing else.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Protocol, cast

from milepost.diagnostics import Diagnostic

Sources = Callable[[str], str | None]
"""The text of a file that a span names, or None where it cannot be had."""


class Format(Protocol):
    """What a module of this package offers."""

    NAME: str

    def render(self, diagnostics: Sequence[Diagnostic], sources: Sources, *, color: bool = False) -> str:
        """The whole output, with a line feed at its end unless it is empty. Keeps the order it is given."""
        ...


def names() -> tuple[str, ...]:
    """Every form, sorted; none of them is imported."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")))


def get(name: str) -> Format:
    """The form of this name; only its module is imported. Raises LookupError for a name that is not in ``names()``."""
    if name not in names():
        raise LookupError(name)
    return cast(Format, import_module(f"{__name__}.{name}"))
