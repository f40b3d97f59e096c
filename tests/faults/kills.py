"""Compiles that are killed, all of their processes or only the first, at a moment that nobody chose."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import pytest

from faults.figures import Figures
from milepost import driver
from milepost.generate import generate

NAME = "kills"
COUNT, QUICK = 500, 3
_PROGRAM = """\
import sys
from pathlib import Path
from milepost import driver
a, b, output, jobs = sys.argv[1:]
print("ready", flush=True)
while True:
    for spec in (b, a):
        driver.run(driver.RunRequest(Path(spec), Path(output), jobs=int(jobs)))
"""
_Trees = dict[str, dict[str, bytes]]


def run(count: int, seed: int) -> Figures:
    """``count`` kills of a program that compiles two specs in turns."""
    figures = Figures(
        "A program that compiles two specs into one output without pause, in one process or two, is killed: the whole "
        "of it, or its first process alone.",
        "Each province's tree is wholly that of one spec or the other; the next run leaves the tree of its spec and "
        "nothing else.",
    )
    random = Random(seed)
    with tempfile.TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MILEPOST_CACHE_DIR", f"{scratch}/cache")
        scene = _Scene(Path(scratch))
        for number in range(count):
            _kill(scene, number, random, figures)
    return figures


class _Scene:
    def __init__(self, root: Path) -> None:
        self.specs = {"a": root / "a", "b": root / "b"}
        generate(self.specs["a"], provinces=3, nodes=60, seed=5)
        shutil.copytree(self.specs["a"], self.specs["b"])
        fleet = self.specs["b"] / "fleet.yaml"
        text = fleet.read_text()
        fleet.write_text(text.replace("log_level: info", "log_level: debug"))
        assert fleet.read_text() != text
        self.output = root / "rendered"
        self.trees = {}
        for name, spec in self.specs.items():
            driver.run(driver.RunRequest(spec, root / f"cold-{name}", jobs=1, cached=False))
            self.trees[name] = _trees(root / f"cold-{name}")
        driver.run(driver.RunRequest(self.specs["a"], self.output, jobs=1))


def _trees(output: Path) -> _Trees:
    """By province."""
    found: _Trees = {}
    for path in output.rglob("*"):
        province, _, inner = path.relative_to(output).as_posix().partition("/")
        if path.is_file() and not province.startswith("."):
            found.setdefault(province, {})[inner] = path.read_bytes()
    return found


def _kill(scene: _Scene, number: int, random: Random, figures: Figures) -> None:
    jobs, alone = random.choice((1, 2)), random.random() < 0.5
    arguments = [*map(str, scene.specs.values()), str(scene.output), str(jobs)]
    program = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert program.stdout is not None and program.stderr is not None
    program.stdout.readline()
    time.sleep(random.uniform(0.02, 0.6))
    if alone:
        program.kill()
    else:
        os.killpg(program.pid, signal.SIGKILL)
    # Processes that were left behind end by themselves; they hold the pipe until then.
    said = program.stderr.read().decode()
    program.wait()
    program.stdout.close()
    program.stderr.close()
    where = f"kill {number}, {jobs} processes, {'the first' if alone else 'all'}"
    _check(scene, where, said, figures)


def _check(scene: _Scene, where: str, said: str, figures: Figures) -> None:
    standing = _trees(scene.output)
    whose = {
        province: [name for name in "ab" if tree == scene.trees[name].get(province)]
        for province, tree in standing.items()
    }
    driver.run(driver.RunRequest(scene.specs["a"], scene.output, jobs=1))
    if said:
        figures.fail(f"{where}: said {said[-200:]!r}")
    elif mixed := [province for province, names in whose.items() if not names]:
        figures.fail(f"{where}: {mixed} are neither one tree nor the other")
    elif _trees(scene.output) != scene.trees["a"] or list(scene.output.glob(".*")):
        figures.fail(f"{where}: the next run did not put it right")
    else:
        one = len({tuple(names) for names in whose.values()}) == 1 and len(whose) == 3
        figures.add("with all provinces of one spec" if one else "between two swaps, each province whole")
