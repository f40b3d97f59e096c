"""Delivery engines: what brings a province's rendered tree to its cluster, one module each.

A new engine is a new module here and no old file is edited: ``sync.engine`` takes its name, and ``base`` says what it
offers. An engine gives objects and texts for units that others cut; it decides nothing. What must never be rendered for
it is checked in ``emit/rules``. Imports no engine, since the models of the spec list their names.
"""

from __future__ import annotations

import pkgutil
from functools import cache


@cache
def names() -> tuple[str, ...]:
    """The names of all engines, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name != "base"))
