"""The reference fleet, in every way that a target is set for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import fleets, floor, instructions, tree_counts
from bench.compiler import Compiler
from bench.measure import Cost, least, run
from bench.peers import kustomize
from bench.peers.base import MissingError, home_of
from bench.results import Reference
from milepost import pipeline
from milepost.diagnostics import Sink

Say = Callable[[str], None]


def measure(
    compiler: Compiler, fleet: fleets.Fleet, scratch: Path, disk: Path, rounds: int, say: Say
) -> Reference:
    """Trees are made in ``scratch``, and once on ``disk``."""
    trial = _Trial(compiler, fleet, scratch / "rendered", rounds, say)
    made = fleet.summary
    cold = trial.cold(_pieces(fleet, scratch, say))
    warm = trial.warm()
    found = trial.largest_unit()
    bump = trial.image_bump(scratch)
    shutil.rmtree(trial.output)
    say("a cold compile on disk")
    on_disk = compiler.cold(fleet.root, disk / "rendered")
    shutil.rmtree(disk / "rendered")
    return Reference(
        provinces=made.provinces,
        groups=made.groups,
        stations=made.stations,
        nodes=made.nodes,
        instances=made.instances,
        disk=on_disk,
        image_bump=bump,
        **cold,
        **warm,
        **found,
    )


@dataclass(frozen=True)
class _Trial:
    compiler: Compiler
    fleet: fleets.Fleet
    output: Path
    rounds: int
    say: Say

    def cold(self, pieces: Path) -> dict[str, Any]:
        """Floors and compiles take turns, so that the machine's other work troubles both alike. Leaves a tree."""
        processes = len(os.sched_getaffinity(0))
        floors_one, floors, colds = [], [], []
        for number in range(self.rounds):
            self.say(f"floor and cold compile, round {number + 1} of {self.rounds}")
            floors_one.append(self._floor(pieces, 1))
            floors.append(self._floor(pieces, processes))
            colds.append(self.compiler.cold(self.fleet.root, self.output))
        self.say("the same with one process, and how much memory with all")
        cold_one = self.compiler.cold(self.fleet.root, self.output, jobs=1)
        self.say("its instructions")
        counted = instructions.cold(self.compiler, self.fleet.root, self.output)
        return {
            "processes": processes,
            "floor_one": least(floors_one),
            "floor": least(floors),
            "cold": least(colds),
            "cold_one": cold_one,
            "instructions": counted,
            "peak": self.compiler.peak(self.fleet.root, self.output),
        }

    def warm(self) -> dict[str, Any]:
        """What is done many times a day."""
        self.say("nothing changed, one station changed, validate, --help")
        return {
            "unchanged": least(
                [self.compiler.compile(self.fleet.root, self.output) for _ in range(self.rounds)]
            ),
            "one_station": least([self._one_station(number) for number in range(self.rounds)]),
            "validate": least([self.compiler.validate(self.fleet.root) for _ in range(self.rounds)]),
            "help": least([self.compiler.help() for _ in range(10)]),
        }

    def largest_unit(self) -> dict[str, Any]:
        """The unit with most objects, what building it costs, and how much there is of everything."""
        units = tree_counts.objects_by_folder(self.output)
        largest = max(sorted(units), key=lambda unit: units[unit])
        sizes = [path.stat().st_size for path in self.output.rglob("*") if path.is_file()]
        return {
            "objects": sum(units.values()),
            "files": len(sizes),
            "bytes": sum(sizes),
            "largest_province": max(tree_counts.nodes(self.output).values()),
            "unit": largest,
            "unit_objects": units[largest],
            "unit_build": _build(self.output / largest, self.rounds),
        }

    def image_bump(self, repository: Path) -> Cost:
        """Two commits of the trees in a repository around them, packed as a clone is, the second with another image in
        every group.
        """
        self.say("diff of a fleet-wide image bump")
        _git(repository, "init", "--quiet")
        _git(repository, "config", "gc.auto", "0")
        _commit(repository, self.output)
        fleets.bump_an_image(self.fleet)
        self.compiler.compile(self.fleet.root, self.output)
        _commit(repository, self.output)
        _git(repository, "gc", "--quiet")
        found = [self.compiler.review(repository, self.fleet.root) for _ in range(self.rounds)]
        shutil.rmtree(repository / ".git")
        return least(found)

    def _floor(self, pieces: Path, processes: int) -> Cost:
        shutil.rmtree(self.output, ignore_errors=True)
        return floor.measure(pieces, self.output, processes)

    def _one_station(self, number: int) -> Cost:
        fleets.retitle_a_station(self.fleet, f"Renamed {number}")
        return self.compiler.compile(self.fleet.root, self.output)


def _commit(repository: Path, trees: Path) -> None:
    _git(repository, "add", "--", str(trees))
    who = ("-c", "user.name=bench", "-c", "user.email=bench@example.com")
    _git(repository, *who, "-c", "commit.gpgsign=false", "commit", "--quiet", "--message", "bench")


def _git(repository: Path, *arguments: str) -> None:
    run(["git", *arguments], cwd=repository)


def _pieces(fleet: fleets.Fleet, scratch: Path, say: Say) -> Path:
    say("working out what the floor writes")
    sink = Sink()
    shared = pipeline.read(fleet.root, sink)
    if shared is None:
        raise RuntimeError("; ".join(d.message for d in sink))
    return floor.keep(((name, _blocks(shared, name)) for name in shared.provinces), scratch / "pieces")


def _blocks(shared: pipeline.SharedSpec, name: str) -> list[floor.Block]:
    sink = Sink()
    compiled = pipeline.compile_province(shared, name, sink)
    if compiled is None:
        raise RuntimeError("; ".join(d.message for d in sink))
    return floor.blocks(compiled)


def _build(unit: Path, rounds: int) -> Cost | None:
    try:
        kubectl = kustomize.kubectl(home_of(kustomize, unit))
    except MissingError:
        return None
    return least([run([kubectl, "kustomize", unit]) for _ in range(rounds)])
