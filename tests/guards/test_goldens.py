"""Expected files are written on request, never over others without a second word, and never in CI."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from goldens import Goldens

pytestmark = pytest.mark.slow

TESTS = Path(__file__).parents[1]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key != "CI" and not key.startswith("PYTEST")}
    collect = [
        sys.executable,
        "-m",
        "pytest",
        str(TESTS / "guards"),
        "--collect-only",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        [*collect, *arguments],
        env=clean | environment,
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def test_ci_never_writes_goldens() -> None:
    """There a missing file is a failure, and a wrong one, too."""
    refused = run("--update-goldens", CI="true")
    assert refused.returncode == 4 and "never writes" in refused.stdout + refused.stderr


def test_no_other_word_overwrites() -> None:
    """A slip of the pen replaces nothing."""
    assert run("--update-goldens=overwrit").returncode == 4


@pytest.mark.parametrize(("mode", "kept"), [(None, "old\n"), ("missing", "old\n"), ("overwrite", "new\n")])
def test_what_is_there_is_overwritten_on_request_alone(tmp_path: Path, mode: str | None, kept: str) -> None:
    """And compared otherwise."""
    file = tmp_path / "golden.txt"
    file.write_text("old\n")
    if mode == "overwrite":
        Goldens(mode).check_text(file, "new\n")
    else:
        with pytest.raises(AssertionError):
            Goldens(mode).check_text(file, "new\n")
    assert file.read_text() == kept


@pytest.mark.parametrize("mode", [None, "missing"])
def test_a_missing_file_is_written_on_request_alone(tmp_path: Path, mode: str | None) -> None:
    """Without a request it is a failure that says what to do."""
    folder = tmp_path / "rendered"
    if mode:
        Goldens(mode).check_tree(folder, {"north/a.yaml": b"a: 1\n"})
        assert (folder / "north/a.yaml").read_bytes() == b"a: 1\n"
    else:
        with pytest.raises(AssertionError, match="--update-goldens"):
            Goldens(mode).check_tree(folder, {"north/a.yaml": b"a: 1\n"})


@pytest.mark.parametrize(("exists", "written"), [(False, True), (True, False)])
def test_a_file_that_holds_its_own_expectation_is_filled_once(
    tmp_path: Path, exists: bool, written: bool
) -> None:
    """A claim stands in one file with what it leads to: the file is there before anybody has looked at that."""
    file = tmp_path / "claim.md"
    file.write_text("# Claim\n")
    with contextlib.suppress(AssertionError):
        Goldens("missing").check_text(file, "# Claim\n\nresult\n", exists=exists)
    assert (file.read_text() == "# Claim\n\nresult\n") == written
