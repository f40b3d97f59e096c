"""``python -m faults``: runs every campaign of this folder and writes ``docs/faults.md``; fails if anything went wrong."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import faults
from faults.figures import Figures

HEAD = """\
# Faults

What `make faults` last counted. Each row is a campaign of `tests/faults`: a small part of it runs in the ordinary suite,
the whole by schedule. A seed repeats a run.
"""
Results = dict[str, dict[str, Any]]
"""Campaign to its figures, as they stand in ``faults/figures.json``: a run of one campaign leaves the rows of others."""


def campaigns() -> Iterator[ModuleType]:
    """Every module of this folder that is one, in order of name."""
    for found in sorted(iter_modules(faults.__path__), key=lambda module: module.name):
        if found.name != "__main__":
            module = import_module(f"faults.{found.name}")
            if hasattr(module, "run"):
                yield module


def page(results: Results) -> str:
    """The page, in Markdown."""
    rows = ["| campaign | tried | came of it | wrong | commit, seed |", "|---|---:|---|---:|---|"]
    for name, row in sorted(results.items()):
        kinds = "; ".join(f"{number:,} {kind}" for kind, number in sorted(row["kinds"].items()))
        made = f"`{row['commit']}`, {row['seed']}"
        rows.append(
            f"| {name} | {row['tried']:,} of {row['whole']:,} | {kinds} | {len(row['wrong'])} | {made} |"
        )
    said = []
    for name, row in sorted(results.items()):
        said += [
            "",
            f"**{name}**: {row['what']} {row['holds']}",
            *(f"- wrong: {wrong}" for wrong in row["wrong"]),
        ]
    return "\n".join([HEAD, *rows, *said]) + "\n"


def main() -> int:
    given = _parser().parse_args()
    kept = given.output / "faults" / "figures.json"
    results: Results = json.loads(kept.read_text()) if kept.exists() else {}
    failed = False
    for module in list(campaigns()):
        if given.only and module.NAME not in given.only:
            continue
        count = max(1, round((module.QUICK if given.quick else module.COUNT) * given.share))
        figures = module.run(count, given.seed)
        results[module.NAME] = _row(module, figures, given.seed)
        failed |= bool(figures.wrong)
        print(
            f"{module.NAME}: {figures.tried:,} tried, {len(figures.wrong)} wrong", file=sys.stderr, flush=True
        )
        for said in figures.wrong:
            print(f"  {said}", file=sys.stderr, flush=True)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")
    (given.output / "faults.md").write_text(page(results))
    return 1 if failed else 0


def _row(module: ModuleType, figures: Figures, seed: int) -> dict[str, Any]:
    return {**vars(figures), "whole": module.COUNT, "seed": seed, "commit": _commit()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("docs"), help="folder of faults.md")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="as much as the ordinary suite does")
    parser.add_argument("--share", type=float, default=1.0, help="part of each campaign, such as 0.1")
    parser.add_argument("--only", action="append", metavar="NAME", help="only this campaign; may be repeated")
    return parser


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main())
