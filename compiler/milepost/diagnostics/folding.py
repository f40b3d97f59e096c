"""Fewer words for the same thing: equal diagnostics become one with several places, and of those alike the first stand
for all. For people, who read the first few; forms for programs hold every diagnostic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from milepost.diagnostics.code import Severity
from milepost.diagnostics.diagnostic import Diagnostic
from milepost.diagnostics.span import Span

ALIKE = 10
"""How many of those are shown that differ in names and numbers only."""
MOST = 200
"""How many are shown at all; where that is too few, warnings are left out first."""
ALL = "`milepost validate --format json` has all"
_VARIES = re.compile(r'"[^"]*"|\S*\d\S*|\S*[\[\]./:]\S+')
"""Names in quotes, whatever has a digit in it, paths of files and data."""


@dataclass(slots=True)
class Folded:
    """A diagnostic, further places of which the same is said, and the number of others ``alike`` that it stands for."""

    diagnostic: Diagnostic
    places: list[Span] = field(default_factory=list)
    alike: int = 0


def folded(diagnostics: Sequence[Diagnostic]) -> tuple[list[Folded], int]:
    """What is shown, in the order given, and how many diagnostics are neither shown nor counted by one that is."""
    found: list[Folded] = []
    equal: dict[object, Folded] = {}
    kinds: dict[object, list[Folded]] = {}
    for diagnostic in diagnostics:
        # All but the span: the same fault in many rows of a table is one message with many
        # places.
        same = (diagnostic.code.id, diagnostic.message, diagnostic.hint, diagnostic.related)
        shown = kinds.setdefault((diagnostic.code.id, _VARIES.sub("*", diagnostic.message)), [])
        if diagnostic.span is not None and same in equal:
            equal[same].places.append(diagnostic.span)
        elif len(shown) == ALIKE:
            shown[-1].alike += 1
        else:
            found.append(Folded(diagnostic))
            shown.append(found[-1])
            equal[same] = found[-1]
    return _most(found)


def _most(found: list[Folded]) -> tuple[list[Folded], int]:
    # sorted() is stable, so within a severity the order of files and lines stays. What is shown
    # keeps the order given.
    worst = sorted(found, key=lambda one: one.diagnostic.severity is not Severity.ERROR)
    # By identity: two Folded of equal content are still two places in the list.
    left = {id(one): one for one in worst[MOST:]}
    number = sum(1 + len(one.places) + one.alike for one in left.values())
    return [one for one in found if id(one) not in left], number
