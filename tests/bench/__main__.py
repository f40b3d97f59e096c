"""``python -m bench``: measures, and writes ``docs/benchmarks.md`` with its pictures and its numbers as JSON."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from bench import contest, fleets, growth, machine, reference, tenfold
from bench.compiler import Compiler
from bench.report import page
from bench.results import Results

_QUICK = (5, 5 * fleets.NODES_A_PROVINCE)


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    memory = given.scratch or machine.memory_file_system()
    with (
        tempfile.TemporaryDirectory(prefix="milepost-bench-", dir=memory) as scratch,
        tempfile.TemporaryDirectory(prefix="milepost-bench-", dir=given.disk) as disk,
    ):
        results = _results(given, Path(scratch), Path(disk), memory is not None)
    page.write(results, given.output)
    _say(f"wrote {given.output / 'benchmarks.md'}")
    return 0


def _results(given: argparse.Namespace, scratch: Path, disk: Path, in_memory: bool) -> Results:
    before = machine.load()
    compiler = Compiler(scratch / "cache")
    fleet = fleets.make(scratch / "fleet", *(_QUICK if given.quick else fleets.REFERENCE))
    found = reference.measure(compiler, fleet, scratch, disk, given.rounds, _say)
    results = Results(machine.describe(), (before, before), in_memory, found)
    if not given.no_peers:
        province = min(path.name for path in (fleet.root / "provinces").iterdir())
        results.rivals, results.rival_objects, results.rival_floor = contest.hold(
            fleet.root, province, scratch, given.homes, given.rounds, _say
        )
    shutil.rmtree(fleet.root)
    if not given.quick:
        results.by_provinces = growth.by_provinces(compiler, scratch, given.rounds, _say)
        results.by_nodes = growth.by_nodes(compiler, scratch, given.rounds, _say)
        results.tenfold = tenfold.attempt(compiler, scratch)
    results.load = (before, machine.load())
    return results


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("docs"), help="folder of benchmarks.md")
    parser.add_argument(
        "--rounds", type=int, default=5, help="times that each thing is measured; the least counts"
    )
    parser.add_argument("--quick", action="store_true", help="five provinces, and no growth")
    parser.add_argument("--no-peers", action="store_true", help="Milepost and the floor alone")
    parser.add_argument(
        "--scratch", type=Path, help="where trees are made; a file system in memory by default"
    )
    parser.add_argument(
        "--disk", type=Path, help="where the one tree on disk is made; the temporary folder by default"
    )
    parser.add_argument(
        "--homes", type=Path, default=Path(sys.prefix) / "bench-peers", help="where peers are installed, once"
    )
    return parser


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
