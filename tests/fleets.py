"""Fleets that laws are held against: the example, and every case that compiles."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from compiling import Compilation, compile_spec

TESTS = Path(__file__).parent
EXAMPLE = TESTS.parent / "fleet-spec"


def roots() -> dict[str, Path]:
    """The folder of each fleet spec, by name."""
    cases = {f.parent.name: f for f in sorted(TESTS.glob("cases/*/fleet-spec")) if (f.parent / "rendered").exists()}
    return {"example": EXAMPLE, **cases}


@cache
def compiled(name: str) -> Compilation:
    """A fleet of ``roots``, compiled once per process."""
    return compile_spec(roots()[name])
