"""Seeded choices, the same on every machine, Python version and hash seed.

Only ``Random.random`` is used: of the whole random module, its sequence alone is promised not to change.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of choices of its own for each name, so that one province's size never shows in another's."""

    def __init__(self, seed: int, name: str) -> None:
        # Not hash(), which Python salts for each process: the same seed must give the same
        # fleet everywhere.
        digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
        self._random = random.Random(int.from_bytes(digest[:8], "big")).random

    def below(self, limit: int) -> int:
        """An integer from 0 to ``limit`` - 1."""
        # Not randrange or choice: by the documentation of the random module their algorithms
        # may change between Python versions, while random() goes on giving the same sequence
        # for the same seed.
        return int(self._random() * limit)

    def pick(self, choices: Sequence[T]) -> T:
        """One of them; say a choice twice to make it twice as likely."""
        return choices[int(self._random() * len(choices))]

    def chance(self, percent: int) -> bool:
        return self._random() * 100 < percent
