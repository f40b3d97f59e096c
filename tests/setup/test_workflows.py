"""Workflows are well formed, say what they are for, and name chores that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def _program(name: str) -> str:
    """The program that came with the tests' own environment."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    assert found is not None, f"{name} is among the test dependencies: run `make setup`"
    return found


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_workflows() -> None:
    """The checks below look at something."""
    assert {file.stem for file in WORKFLOWS} >= {"test", "fleet"}


def test_workflows_have_the_right_shape() -> None:
    """The published schema of workflows accepts them."""
    _run(_program("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *map(str, WORKFLOWS))


def test_workflows_make_sense() -> None:
    """Expressions, job names, contexts and action inputs are known to actionlint."""
    _run(_program("actionlint"), "-shellcheck=", "-pyflakes=", *map(str, WORKFLOWS))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: str(file.stem))
def test_a_workflow_opens_with_what_why_when(file: Path) -> None:
    """Whoever finds a red mark can read in three lines what it is about."""
    head = "".join(line for line in file.read_text(encoding="utf-8").splitlines(True) if line.startswith("#"))
    assert re.match(r"# What: .+# Why:  .+# When: .+", head, re.DOTALL)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: str(file.stem))
def test_a_workflow_may_only_read_unless_it_says_so(file: Path) -> None:
    """No workflow has more rights than it names."""
    assert "permissions:" in file.read_text(encoding="utf-8")


USES = re.compile(r"^\s*(?:- )?uses: (?P<action>\S+?)@(?P<pin>\S+)(?P<comment>.*)$", re.MULTILINE)


@pytest.mark.parametrize(
    "file", [*WORKFLOWS, ROOT / "action.yml", ROOT / "docs/ci/github.yml"], ids=lambda file: str(file.stem)
)
def test_an_action_is_pinned_to_its_commit(file: Path) -> None:
    """A tag can be moved to other code; a commit cannot. The version stands behind it for people and for bots."""
    for use in USES.finditer(file.read_text(encoding="utf-8")):
        if use["action"] == "example/milepost":
            continue  # stands for wherever a copy of this repository is
        assert re.fullmatch(r"[0-9a-f]{40}", use["pin"]), use[0]
        assert re.fullmatch(r"  # v\d+\.\d+\.\d+", use["comment"]), use[0]


def test_one_action_has_one_pin() -> None:
    """The same action at two commits would be two things to keep up to date."""
    files = [*WORKFLOWS, ROOT / "action.yml", ROOT / "docs/ci/github.yml", ROOT / "docs/ci/README.md"]
    pins = {use.group("action", "pin") for file in files for use in USES.finditer(file.read_text("utf-8"))}
    assert len(pins) == len({action for action, _ in pins})
