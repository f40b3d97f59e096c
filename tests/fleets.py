"""Fleets that laws are held against: the example, generated ones, and every case that compiles."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import cast

from cases import claims
from compiling import Compilation, compile_spec
from milepost.generate import Partition, generate

TESTS = Path(__file__).parent
EXAMPLE = TESTS.parent / "fleet-spec"
_FOLDER = tempfile.TemporaryDirectory(prefix="milepost-")
"""Goes with the process."""
GENERATED = ("generated-station", "generated-station-group")


def roots() -> list[str]:
    """The name of every fleet that compiles: the example, generated ones, the base of claims, and each claim."""
    sound = (name for name in claims.names() if not claims.claim(name).refused)
    return ["example", *GENERATED, "base", *sound]


def root(name: str) -> Path:
    """The folder of a fleet spec."""
    if name in GENERATED:
        return _generated(name)
    return EXAMPLE if name == "example" else claims.root(None if name == "base" else name)


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
