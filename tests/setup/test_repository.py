"""What a repository needs to be adopted: a licence, owners, ways to report, and a release that can be made."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_licence_is_the_one_that_the_package_names() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / PROJECT["license-files"][0]).read_text(encoding="utf-8")


def test_code_owners_are_those_of_the_example_fleet() -> None:
    """`milepost owners` writes the file that this repository itself uses."""
    command = ["owners", "--organization", "example", "--output", ".github/CODEOWNERS", "--check"]
    done = subprocess.run(
        [sys.executable, "-m", "milepost", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_reporter_finds_the_way() -> None:
    """A weakness is reported in private, bad conduct too, and a change starts with the contributing page."""
    for name in ("SECURITY.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md"):
        assert len((ROOT / ".github" / name).read_text(encoding="utf-8")) > 500


def test_every_supported_python_is_named_and_tried() -> None:
    """The classifiers name what the test workflow runs, from the oldest that is required."""
    named = {
        c.rpartition(" ")[2]
        for c in PROJECT["classifiers"]
        if c.startswith("Programming Language :: Python :: 3.")
    }
    assert f">={min(named, key=lambda v: int(v[2:]))}" == PROJECT["requires-python"]
    workflow = (ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8")
    assert {v for v in named if f'"{v}"' in workflow} >= {"3.11", "3.13"}
