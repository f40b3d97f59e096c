"""A diagnostic code: declared as a module constant in the file that raises it, found by ``milepost.diagnostic_codes``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Errors stop the compile at the end of their stage; warnings do not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """A diagnostic code: ``MP`` and four digits, and the page that explains it.

    The first digit names the stage: 1 load, 2 validate, 3 resolve, 4 plan, 5 lower, 6 emit, 7 publish,
    8 registry.
    ``example`` is the smallest piece of a fleet spec that raises the code.
    """

    id: str
    title: str
    explanation: str
    example: str
    severity: Severity = Severity.ERROR
