"""Forms of a review, one a file. A new form is a new file here; nothing has to be registered.

A form offers ``NAME``, which is its file's name, and ``render``. It adds nothing to a review and leaves nothing out silently.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Protocol, cast

from milepost.publish.review import Review


class ReviewForm(Protocol):
    """What a module of this package offers."""

    NAME: str

    def render(self, review: Review) -> str:
        """The whole output, with a line feed at its end unless it is empty."""
        ...


def names() -> tuple[str, ...]:
    """Every form, sorted; none of them is imported."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__)))


def get(name: str) -> ReviewForm:
    """The form of this name; only its module is imported. Raises LookupError for a name that is not in ``names()``."""
    if name not in names():
        raise LookupError(name)
    return cast(ReviewForm, import_module(f"{__name__}.{name}"))
