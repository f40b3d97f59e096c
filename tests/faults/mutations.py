"""Accidents in files of fleet specs, by their structure: keys, scalars, rows, cells, and single characters."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from random import Random

from faults.figures import Figures
from fleets import EXAMPLE
from laws.test_mutations import assert_placed
from milepost import pipeline
from milepost.diagnostics import Diagnostic, Severity, Sink
from milepost.generate import generate
from milepost.scaffold import write_small_fleet
from mutations import mutated

NAME = "mutations"
COUNT, QUICK = 10_000, 60


def run(count: int, seed: int) -> Figures:
    """``count`` accidents, a third of them in each of three fleets."""
    figures = Figures(
        "One accident in one file of the example, of the fleet of `milepost init`, or of a generated one.",
        "No traceback; each message has a place inside its file, no message shows an object of Python.",
    )
    with tempfile.TemporaryDirectory() as scratch:
        specs = _specs(Path(scratch))
        for number in range(count):
            _accident(specs[number % len(specs)], Random(seed * 1_000_003 + number), number, figures)
    return figures


def _specs(scratch: Path) -> list[Path]:
    example = Path(shutil.copytree(EXAMPLE, scratch / "example"))
    write_small_fleet(scratch / "small")
    generate(scratch / "generated", provinces=1, nodes=30, seed=11)
    return [example, scratch / "small", scratch / "generated"]


def _accident(spec: Path, random: Random, number: int, figures: Figures) -> None:
    file = random.choice(sorted(p for p in spec.rglob("*") if p.is_file() and p.suffix != ".md"))
    whole = file.read_bytes()
    path = file.relative_to(spec).as_posix()
    where = f"mutation {number} of {spec.name}, {path}"
    try:
        file.write_bytes(mutated(path, whole.decode(), random).encode("utf-8", "surrogatepass"))
        found = _compiled(spec, path, random)
        for diagnostic in found:
            assert_placed(diagnostic, spec, where)
        wrong = any(diagnostic.severity is Severity.ERROR for diagnostic in found)
        figures.add("refused with a place" if wrong else "compiled")
    except Exception as error:
        figures.fail(f"{where}: {type(error).__name__}: {str(error)[:200]}")
    finally:
        file.write_bytes(whole)


def _compiled(spec: Path, path: str, random: Random) -> list[Diagnostic]:
    """What is said of the shared documents and of one province: the one whose file it is, or any."""
    sink = Sink()
    shared = pipeline.read(spec, sink)
    if shared is not None and shared.provinces:
        own = [name for name in shared.provinces if f"/{name}/" in path]
        compiled = pipeline.compile_province(shared, random.choice(own or shared.provinces), sink)
        if compiled is not None:
            dict(pipeline.render(compiled))
    return list(sink)
