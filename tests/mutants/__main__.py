"""``python -m mutants [FOLDER ...]``: which small faults in the compiler no test would notice.

Exits 1 where a mutant survives that neither ``equivalent.txt`` nor ``survivors.txt`` lists, or where one that they list is
killed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from mutants.session import KILLED, PACKAGE, SURVIVED, Mutants, Wish

TESTS = Path(__file__).parents[1]
EQUIVALENT = Path(__file__).with_name("equivalent.txt")
SURVIVORS = Path(__file__).with_name("survivors.txt")
STAGES = ("load", "validate", "resolve", "plan", "lower", "emit")


def main() -> int:
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument(
        "folders", nargs="*", default=STAGES, help="folders or modules of the package; all stages"
    )
    parser.add_argument(
        "--sample", type=int, default=0, help="so many mutants, chosen at random; all by default"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the choice")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="mutants at a time")
    parser.add_argument(
        "--tests", nargs="*", default=[str(TESTS)], help="what to collect; the whole suite by default"
    )
    chosen = parser.parse_args()
    for folder in chosen.folders:
        if not (PACKAGE / folder).exists():
            parser.error(f"the package has no {folder}")
    run = Mutants(Wish(tuple(chosen.folders), chosen.sample, chosen.seed, chosen.jobs))
    quiet = ["-q", "-m", "not slow and not plane", "-p", "no:cacheprovider", "-p", "no:xdist"]
    pytest.main([*quiet, *chosen.tests], plugins=[run])
    return told(run)


def read(path: Path) -> list[str]:
    """The mutants that a list names."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if " -> " in line]


def told(run: Mutants) -> int:
    """Write the outcome; give the exit code."""
    listed = {*read(EQUIVALENT), *read(SURVIVORS)}
    names = {
        verdict: {str(m) for m, v in run.results.items() if v == verdict} for verdict in (SURVIVED, KILLED)
    }
    survivors, stale = sorted(names[SURVIVED] - listed), sorted(listed & (names[KILLED] - names[SURVIVED]))
    counts = Counter(run.results.values())
    print(
        f"{len(run.results)} mutants: " + ", ".join(f"{n} {verdict}" for verdict, n in sorted(counts.items()))
    )
    print(f"{len(run.unreached)} more are in lines that no quick test goes through")
    for line in survivors:
        print(f"survived: {line}")
    for line in stale:
        print(f"listed as a survivor, and killed: {line}")
    return 1 if survivors or stale or not run.results else 0


if __name__ == "__main__":
    sys.exit(main())
