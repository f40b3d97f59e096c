"""Two checkouts, measured in turns on one machine: ``python -m bench.compare BASE HEAD`` prints a table in Markdown.

Each is a folder with Milepost installed in its ``.venv``, and makes the fleet with its own generator. Only ratios are
worth anything on a shared runner, so there is no threshold and no verdict: people look.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import machine
from bench.compiler import Compiler
from bench.fleets import NODES_A_PROVINCE, SEED
from bench.measure import Cost, FailedError, least, run
from bench.report.tables import seconds, table

_PROVINCES = 5


@dataclass(frozen=True)
class Side:
    """One checkout, and a folder for all that it makes."""

    name: str
    compiler: Compiler
    scratch: Path

    @property
    def fleet(self) -> Path:
        return self.scratch / "fleet"

    @property
    def output(self) -> Path:
        return self.scratch / "rendered"

    def generate(self) -> None:
        size = [
            "--provinces",
            str(_PROVINCES),
            "--nodes",
            str(_PROVINCES * NODES_A_PROVINCE),
            "--seed",
            str(SEED),
        ]
        run(self.compiler.command("generate", self.fleet, *size))


def _cold(side: Side) -> Cost:
    return side.compiler.cold(side.fleet, side.output)


_MEASURES: Mapping[str, Callable[[Side], Cost]] = {
    "cold compile": _cold,
    "nothing changed": lambda side: side.compiler.compile(side.fleet, side.output),
    "validate": lambda side: side.compiler.validate(side.fleet),
    "--help": lambda side: side.compiler.help(),
}
"""In this order: what is compiled cold is what then has not changed."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.compare", description=__doc__)
    parser.add_argument("base", type=Path)
    parser.add_argument("head", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="also write the numbers there")
    given = parser.parse_args(arguments)
    scratch = Path(tempfile.mkdtemp(prefix="milepost-bench-", dir=machine.memory_file_system()))
    try:
        sides = [_side(name, getattr(given, name), scratch) for name in ("base", "head")]
        found = _measured(sides, given.rounds)
    except FailedError as error:
        print(f"The two could not be compared: {error}")
        return 1
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if given.json:
        given.json.write_text(
            json.dumps({k: [asdict(c) for c in v] for k, v in found.items()}, indent=1) + "\n"
        )
    print(_page(found, given.rounds))
    return 0


def _side(name: str, checkout: Path, scratch: Path) -> Side:
    folder = scratch / name
    folder.mkdir()
    side = Side(name, Compiler(folder / "cache", checkout.resolve() / ".venv" / "bin" / "python"), folder)
    side.generate()
    return side


def _measured(sides: list[Side], rounds: int) -> dict[str, list[Cost]]:
    """Measure to the least cost of each side; the sides take turns."""
    costs: dict[str, list[list[Cost]]] = {name: [[] for _ in sides] for name in _MEASURES}
    for _ in range(rounds):
        for name, measure in _MEASURES.items():
            for number, side in enumerate(sides):
                costs[name][number].append(measure(side))
    return {name: [least(found) for found in both] for name, both in costs.items()}


def _page(found: Mapping[str, list[Cost]], rounds: int) -> str:
    rows = [
        [
            name,
            seconds(base.cpu),
            seconds(head.cpu),
            f"{head.cpu / base.cpu:.2f}",
            f"{head.wall / base.wall:.2f}",
        ]
        for name, (base, head) in found.items()
    ]
    head = ["", "base, processor", "this, processor", "this / base, processor", "this / base, clock"]
    size = f"{_PROVINCES} provinces with {_PROVINCES * NODES_A_PROVINCE:,} nodes"
    return f"""## Benchmark against the base

{table(head, rows)}
{size}; the least of {rounds} runs of each, taken in turns on one machine. Below 0.95 is faster, above 1.05 is slower; in
between is the runner's noise."""


if __name__ == "__main__":
    sys.exit(main())
