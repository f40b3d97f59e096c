"""Set-up on a fresh machine, as far as it can be tried without one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CI = ROOT / ".ci"
SCRIPTS = [
    CI / name for name in ("run", "setup", "test", "demo", "real-parts", "plane", "lock", "release-check")
]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: str(script.name))
def test_a_script_can_be_run_and_read(script: Path) -> None:
    """It may be executed, and bash finds no fault in its syntax."""
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_ci_runs_what_everybody_runs() -> None:
    """``.ci/run`` is ``make test`` from the root of the checkout, without standard input, and its exit code."""
    *_, last = (CI / "run").read_text(encoding="utf-8").strip().splitlines()
    assert last == "exec make --no-print-directory test </dev/null"


def test_two_commands_are_all() -> None:
    """``demo`` and ``test`` each set the machine up before they do anything."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^demo: \$\(READY\)$", makefile, re.MULTILINE)
    assert re.search(r"^test: \$\(READY\) real-parts plane$", makefile, re.MULTILINE)


@pytest.mark.parametrize(("lint", "tests"), [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_a_fault_in_lint_or_in_tests_fails_the_run(bare: Path, lint: int, tests: int) -> None:
    """Both are run whatever the other says, and each alone is enough to fail."""
    for program, code in (("make", lint), ("python", tests)):
        (bare / program).write_text(f'#!/bin/sh\necho "$0 $*" >&2\nexit {code}\n', encoding="utf-8")
        (bare / program).chmod(0o755)
    (bare / "bin").symlink_to(bare)
    done = subprocess.run(
        ["bash", str(CI / "test"), str(bare), "-n", "2"],
        env={"PATH": str(bare)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "lint" in done.stderr
    assert "-m pytest -rs -n 2" in done.stderr
    assert (done.returncode == 0) == (lint == 0 and tests == 0)


PINNED = {name: CI / f"{name}.txt" for name in ("requirements", "requirements-run")}


def test_every_dependency_is_pinned_with_hashes() -> None:
    """Of every package that pyproject.toml names, and of all that those need, one version and its hashes are known."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [d for group in project["optional-dependencies"].values() for d in group]
    for name, wanted in (
        ("requirements", [*project["dependencies"], *extras]),
        ("requirements-run", project["dependencies"]),
    ):
        blocks = re.split(r"\n(?=\S)", PINNED[name].read_text(encoding="utf-8").strip())
        pinned = {_normal(block.partition("==")[0]) for block in blocks}
        assert {_normal(re.match(r"[\w.-]+", requirement)[0]) for requirement in wanted} <= pinned  # type: ignore[index]
        assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)


def test_what_runs_is_what_was_tested() -> None:
    """The pins of Milepost alone are the same versions as those of the whole suite."""
    small, large = (
        set(re.findall(r"^\S+==\S+", PINNED[n].read_text("utf-8"), re.MULTILINE))
        for n in ("requirements-run", "requirements")
    )
    assert small < large


def test_pins_that_cannot_be_installed_are_told_and_never_passed_over(bare: Path, tmp_path: Path) -> None:
    """A package whose hash differs stops the set-up; newer versions are taken only when somebody asks for them."""
    (bare / "python3").write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    (bare / "python3").chmod(0o755)
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").write_text(
        '#!/bin/sh\ncase "$*" in *require-hashes*) exit 1;; esac\necho "$*" >> "$0.log"\n'
    )
    (venv / "bin" / "python").chmod(0o755)
    done = _setup(bare, venv)
    assert done.returncode != 0
    assert "MILEPOST_PINS=newest make setup" in done.stderr
    assert "--editable" not in (venv / "bin" / "python.log").read_text()
    assert not (venv / ".ready").exists()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder of programs that is all of PATH: what a machine without Python for Milepost has."""
    for program in ("bash", "dirname", "basename", "id", "sh"):
        found = shutil.which(program)
        assert found is not None
        (tmp_path / program).symlink_to(found)
    return tmp_path


def _setup(path: Path, venv: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(CI / "setup"), str(venv)],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_python_the_message_says_what_to_do(bare: Path, tmp_path: Path) -> None:
    """It names the version that is needed and how to point at one; nothing is made."""
    done = _setup(bare, tmp_path / "venv")
    assert done.returncode != 0
    assert "Python 3.11 or newer" in done.stderr
    assert "make PYTHON=" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_an_old_python_is_refused(bare: Path, tmp_path: Path) -> None:
    """A python3 that answers as an older one is not used."""
    (bare / "python3").write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n', encoding="utf-8"
    )
    (bare / "python3").chmod(0o755)
    done = _setup(bare, tmp_path / "venv")
    assert done.returncode != 0
    assert "Python 3.9.2 is what was found" in done.stderr


def test_without_venv_and_without_rights_the_message_names_the_package(bare: Path, tmp_path: Path) -> None:
    """Debian's python3 has no venv; who may not install it is told which package to ask for."""
    (bare / "python3").write_text(
        '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n', encoding="utf-8"
    )
    (bare / "id").unlink()
    (bare / "id").write_text("#!/bin/sh\necho 1000\n", encoding="utf-8")
    for program in ("python3", "id"):
        (bare / program).chmod(0o755)
    done = _setup(bare, tmp_path / "venv")
    assert done.returncode != 0
    assert "sudo apt-get install python3-venv" in done.stderr


def test_missing_real_parts_never_fail_a_run(bare: Path) -> None:
    """Where nothing can be installed, the programs are named and the exit code is 0."""
    for program in ("sort", "mapfile"):
        if found := shutil.which(program):
            (bare / program).symlink_to(found)
    done = subprocess.run(
        ["bash", str(CI / "real-parts")], env={"PATH": str(bare)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0


def test_real_parts_are_what_tests_run() -> None:
    """No program is installed that no test names."""
    programs = re.findall(r"^  \[([\w-]+)\]=", (CI / "real-parts").read_text(encoding="utf-8"), re.MULTILINE)
    tests = [file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("*.py")]
    assert programs
    assert [program for program in programs if not any(f'"{program}"' in text for text in tests)] == []


def test_without_go_the_plane_is_named_and_nothing_fails(tmp_path: Path) -> None:
    """Its tests are skipped; everything else runs."""
    done = subprocess.run(
        [sys.executable, "-m", "plane.binaries", "all"],
        env={
            "PATH": str(tmp_path),
            "PYTHONPATH": str(ROOT / "tests"),
            "MILEPOST_PLANE_CACHE": str(tmp_path / "c"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "skipped: go" in done.stderr
