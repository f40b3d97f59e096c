"""What a campaign counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Figures:
    """``kinds``: how often what came of it. ``wrong``: a sentence for each that must not be, with what repeats it."""

    what: str
    """What was done, for the page."""
    holds: str
    """What was to hold each time."""
    tried: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, kind: str) -> None:
        self.tried += 1
        self.kinds[kind] += 1

    def fail(self, said: str) -> None:
        self.tried += 1
        self.wrong.append(said)
