"""The run over mutants, on a module and a few tests of it: what a test notices is killed, and the rest is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

TESTS = Path(__file__).parents[1]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(TESTS), *sys.path])
    return subprocess.run(
        [sys.executable, "-m", "mutants", *arguments],
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTEST")} | {"PYTHONPATH": path},
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_a_test_notices_is_killed() -> None:
    """The quantity of a limit, shifted by one, is noticed by the tests of limits."""
    done = run(
        "load/yaml/construct.py",
        "--sample",
        "12",
        "--tests",
        str(TESTS / "load" / "test_construct_limits.py"),
    )
    assert "killed" in done.stdout, done.stderr
    reached = int(done.stdout.split(" mutants: ")[0].splitlines()[-1])
    unreached = int(done.stdout.split(" more are in lines")[0].splitlines()[-1])
    assert reached + unreached == 12


def test_a_survivor_is_named_and_fails_the_run() -> None:
    """Tests of another module notice next to nothing."""
    done = run("load/yaml/scalar_types.py", "--tests", str(TESTS / "load" / "test_construct_limits.py"))
    assert done.returncode == 1
    assert "survived: load/yaml/scalar_types.py " in done.stdout


def test_without_a_test_that_reaches_a_mutant_the_run_fails() -> None:
    """It would have shown nothing."""
    done = run("lower/unit_limits.py", "--tests", str(TESTS / "load" / "test_construct_limits.py"))
    assert done.returncode == 1 and "0 mutants" in done.stdout


def test_a_folder_that_is_not_there_is_refused() -> None:
    done = run("lowr")
    assert done.returncode == 2 and "the package has no lowr" in done.stderr
