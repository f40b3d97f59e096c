"""How many instructions a cold compile takes is held: of one fixed generated fleet, with a few per cent of room."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

import pytest

from bench import instructions
from bench.compiler import Compiler
from milepost.generate import generate

pytestmark = pytest.mark.slow

PROVINCES, NODES, SEED = 5, 1_000, 1
"""Five provinces, so that what they share shows; as many nodes as valgrind gets through in a minute."""
ROOM = 1.05
OPTIMISED = "--enable-optimizations" in str(sysconfig.get_config_var("CONFIG_ARGS"))
MEASURED = {("3.11", False): 5_804, ("3.11", True): 5_060}
"""Millions, by version of Python and whether it was built with profiles of its own work. Where a change lowers them, so
does its commit here; where one must raise them, its commit says what that buys.
"""


@pytest.mark.skipif(instructions.valgrind() is None, reason="valgrind is not installed")
def test_a_cold_compile_takes_no_more_instructions_than_it_did(tmp_path: Path) -> None:
    """A ratio of times would move with the machine's load; this is the same from run to run."""
    python = (f"{sys.version_info.major}.{sys.version_info.minor}", OPTIMISED)
    if python not in MEASURED:
        pytest.skip(f"not measured for Python {python[0]}, {'' if OPTIMISED else 'not '}optimised")
    generate(tmp_path / "fleet", provinces=PROVINCES, nodes=NODES, seed=SEED)
    compiler = Compiler(tmp_path / "cache")
    # Leaves the bytecode that every run but the first one finds.
    compiler.cold(tmp_path / "fleet", tmp_path / "rendered", jobs=1)
    counted = instructions.cold(compiler, tmp_path / "fleet", tmp_path / "rendered")
    assert counted is not None
    assert counted / 1e6 < MEASURED[python] * ROOM, f"{counted / 1e6:,.0f} million"
