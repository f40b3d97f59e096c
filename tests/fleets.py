"""Fleets that laws are held against: the example, generated ones, and every case that compiles."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import cast

from compiling import Compilation, compile_spec
from milepost.generate import Partition, generate

TESTS = Path(__file__).parent
EXAMPLE = TESTS.parent / "fleet-spec"
_FOLDER = tempfile.TemporaryDirectory(prefix="milepost-")
"""Goes with the process."""
GENERATED = ("generated-station", "generated-station-group")


def roots() -> dict[str, Path]:
    """The folder of each fleet spec, by name; those that are generated have none until they are compiled."""
    cases = sorted(TESTS.glob("cases/*/fleet-spec"))
    sound = {f.parent.name: f for f in cases if (f.parent / "rendered").exists()}
    return {"example": EXAMPLE, **{name: Path() for name in GENERATED}, **sound}


def root(name: str) -> Path:
    """The folder of a fleet spec."""
    return _generated(name) if name in GENERATED else roots()[name]


@cache
def _generated(name: str) -> Path:
    partition = cast(Partition, name.removeprefix("generated-"))
    folder = Path(_FOLDER.name) / name
    generate(folder, provinces=2, nodes=60, seed=7, partition=partition)
    return folder


@cache
def compiled(name: str) -> Compilation:
    """A fleet of ``roots``, compiled once per process."""
    return compile_spec(root(name))
