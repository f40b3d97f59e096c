"""``benchmarks.md``, its pictures and ``results.json``. Every number on the page comes from the results."""

from __future__ import annotations

from pathlib import Path

from bench.report import chart, headline, peers, targets, tenfold, wider
from bench.report import growth as growing
from bench.results import Results

_HEAD = """# Benchmarks

<!-- Written by `make bench`; run it again instead of editing. -->
"""

_AGAIN = """## Measure it yourself

    make bench

It takes about {minutes} minutes on two cores, installs the peers into `.venv/bench-peers`, and rewrites this page, the
pictures and [results.json](benchmarks/results.json). A peer that cannot be installed is left out and named.
`make bench BENCH_ARGS="--quick --no-peers --output /tmp/bench"` takes a minute and leaves this page alone.

Each figure is the least of several runs, because whatever lies above it is the machine's other work; ratios compare what
was measured in turns within one run. Nothing here decides whether a build is green: a test counts function calls instead
(`tests/bench/test_growth.py`), and `.github/workflows/benchmark.yml` compares a pull request with `main` on one machine.
"""


def write(results: Results, folder: Path) -> None:
    """Into ``folder``: the page, and beside it ``benchmarks/`` with pictures and numbers."""
    beside = folder / "benchmarks"
    beside.mkdir(parents=True, exist_ok=True)
    (beside / "results.json").write_text(results.as_json(), encoding="utf-8")
    for name, picture in _pictures(results).items():
        (beside / f"{name}.svg").write_text(picture, encoding="utf-8")
    (folder / "benchmarks.md").write_text(page(results), encoding="utf-8")


def page(results: Results) -> str:
    parts = [
        _HEAD,
        headline.section(results),
        targets.section(results),
        peers.section(results),
        growing.section(results),
        tenfold.section(results),
        wider.section(results),
        _AGAIN.format(minutes=15),
    ]
    return "\n".join(part for part in parts if part)


def _pictures(results: Results) -> dict[str, str]:
    found = {}
    if results.by_provinces:
        found["provinces"] = growing.picture(results.by_provinces, "provinces")
        found["nodes"] = growing.picture(results.by_nodes, "nodes")
    if rows := peers.rows(results):
        found["peers"] = chart.bars("Processor time for one object, floor = 1", rows, peers.OURS)
    return found
