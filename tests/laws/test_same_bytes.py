"""Same spec, same bytes: no clock, no order of files, rows or documents, no hash seed shows in a tree."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from cases import claims
from compiling import compile_spec, read_files, write_files
from fleets import compiled, root, roots
from shuffle import shuffled
from strategies import Files, fleets

pytestmark = pytest.mark.slow

every_fleet = pytest.mark.parametrize("name", roots())
HERE = Path(__file__).parent
PROGRAM = """
import hashlib, json, sys
from pathlib import Path
from compiling import compile_spec
def digest(root):
    made = compile_spec(Path(root))
    return hashlib.sha256(repr((sorted(made.files.items()), made.said)).encode()).hexdigest()
print(json.dumps({root: digest(root) for root in sys.argv[1:]}))
"""


def text_files(folder: Path) -> Files:
    return {path: data.decode() for path, data in read_files(folder)}


@every_fleet
def test_another_order_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    """Documents in other files, files under other names, rows in another order."""
    files = text_files(root(name))
    moved = compile_spec(write_files(tmp_path, shuffled(files, Random(1)).items()))
    assert moved.files == compiled(name).files, moved.said


@every_fleet
def test_twice_gives_the_same_bytes(name: str) -> None:
    """In one process, where something may be remembered from the first time."""
    again = compile_spec(root(name))
    assert (again.files, again.said) == (compiled(name).files, compiled(name).said)


def test_another_hash_seed_gives_the_same_bytes_and_messages() -> None:
    """Sets and mappings are walked in another order then."""
    refused = [name for name in claims.names() if claims.claim(name).refused]
    folders = [str(root(name)) for name in (*roots(), *refused)]
    first, second = (_digests(folders, seed) for seed in ("1", "2"))
    assert first == second


def _digests(folders: list[str], seed: str) -> dict[str, str]:
    path = os.pathsep.join([str(HERE.parent), *sys.path])
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *folders],
        env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": path, "TZ": "Asia/Shanghai", "LC_ALL": "C"},
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()
    found: dict[str, str] = json.loads(run.stdout)
    return found


@given(fleets())
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_random_fleets_in_another_order_give_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, files: Files
) -> None:
    """And where a fleet cannot be, it cannot be for the same causes."""
    folder = tmp_path_factory.mktemp("fleets")
    first = compile_spec(write_files(folder / "a", files.items()))
    second = compile_spec(write_files(folder / "b", shuffled(files, Random(2)).items()))
    assert first.files == second.files
    assert sorted(first.codes) == sorted(second.codes)


def test_random_fleets_are_mostly_sound(tmp_path: Path) -> None:
    """Otherwise the laws would be held against nothing."""
    outcomes: list[bool] = []

    @given(fleets())
    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def collect(files: Files) -> None:
        name = hashlib.sha256(repr(files).encode()).hexdigest()
        made = compile_spec(write_files(tmp_path / name, files.items()))
        outcomes.append(bool(made.files))

    collect()
    assert sum(outcomes) > len(outcomes) / 2
