"""Garbage collection pause: Python's cyclic collector is off while a command makes what lives until its end.

What the stages make holds no rings (a test says so), so it goes by itself; looking through it time and again would
cost a third of a compile.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """No collection meanwhile; afterwards it is as it was. Processes forked meanwhile go without it, too."""
    # Asked first, so that one pause inside another does not end the outer one.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
