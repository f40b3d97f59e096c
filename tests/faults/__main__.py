"""``python -m faults``: runs every campaign of this folder and writes ``docs/faults.md``; fails if anything went wrong."""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import faults
from faults.figures import Figures

HEAD = """\
# Faults

What `make faults` last counted. Each row is a campaign of [tests/faults](../tests/faults), whose smaller part runs in
the ordinary suite; the scheduled workflow runs the whole. The seed repeats a run.

"""


def campaigns() -> Iterator[ModuleType]:
    """Every module of this folder that is one, in order of name."""
    for found in sorted(iter_modules(faults.__path__), key=lambda module: module.name):
        if found.name != "__main__":
            module = import_module(f"faults.{found.name}")
            if hasattr(module, "run"):
                yield module


def page(results: list[tuple[str, Figures, float]], seed: int, commit: str) -> str:
    """The page, in Markdown."""
    python = f"Python {platform.python_version()}, {platform.system()} {platform.release()}"
    lines = [
        HEAD,
        f"Commit `{commit}`, seed {seed}, {python}.",
        "",
        "| campaign | tried | came of it | wrong | minutes |",
    ]
    lines.append("|---|---:|---|---:|---:|")
    for name, figures, seconds in results:
        kinds = "; ".join(f"{number:,} {kind}" for kind, number in sorted(figures.kinds.items()))
        lines.append(f"| {name} | {figures.tried:,} | {kinds} | {len(figures.wrong)} | {seconds / 60:.1f} |")
    for name, figures, _ in results:
        lines += ["", f"**{name}**: {figures.what} Each time: {figures.holds[0].lower()}{figures.holds[1:]}"]
        lines += [f"- wrong: {said}" for said in figures.wrong]
    return "\n".join(lines) + "\n"


def main() -> int:
    given = _parser().parse_args()
    results = []
    for module in campaigns():
        if given.only and module.NAME not in given.only:
            continue
        count = max(1, round((module.QUICK if given.quick else module.COUNT) * given.share))
        began = time.monotonic()
        figures = module.run(count, given.seed)
        results.append((module.NAME, figures, time.monotonic() - began))
        print(
            f"{module.NAME}: {figures.tried:,} tried, {len(figures.wrong)} wrong", file=sys.stderr, flush=True
        )
        for said in figures.wrong:
            print(f"  {said}", file=sys.stderr, flush=True)
    (given.output / "faults.md").write_text(page(results, given.seed, _commit()))
    return 1 if any(figures.wrong for _, figures, _ in results) else 0


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
