"""What a fleet costs as it grows: by provinces of one size, and by nodes of one province. One process each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from bench import fleets
from bench.compiler import Compiler
from bench.measure import least
from bench.results import Size

PROVINCES = (1, 2, 5, 10, 29)
NODES = (1_000, 2_000, 4_000, 7_000, 10_000)


def by_provinces(compiler: Compiler, scratch: Path, rounds: int, say: Callable[[str], None]) -> list[Size]:
    sizes = ((count, count * fleets.NODES_A_PROVINCE) for count in PROVINCES)
    return _measured(compiler, sizes, scratch, rounds, say)


def by_nodes(compiler: Compiler, scratch: Path, rounds: int, say: Callable[[str], None]) -> list[Size]:
    return _measured(compiler, ((1, nodes) for nodes in NODES), scratch, rounds, say)


def _measured(
    compiler: Compiler,
    sizes: Iterable[tuple[int, int]],
    scratch: Path,
    rounds: int,
    say: Callable[[str], None],
) -> list[Size]:
    found = []
    for provinces, nodes in sizes:
        say(f"{provinces} provinces with {nodes:,} nodes, in one process")
        fleet = fleets.make(scratch / "growing", provinces, nodes)
        output = scratch / "grown"
        cost = least([compiler.cold(fleet.root, output, jobs=1) for _ in range(rounds)])
        peak = compiler.peak(fleet.root, output, jobs=1)
        found.append(Size(provinces, fleet.nodes, fleet.summary.stations, cost.cpu, peak))
        shutil.rmtree(fleet.root)
        shutil.rmtree(output)
    return found
