"""A thousand accidents in the example fleet: each compiles, or is refused at a place, and nothing falls over."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from compiling import spoken
from fleets import EXAMPLE
from milepost import pipeline
from milepost.diagnostics import Diagnostic, Severity, Sink
from mutations import mutated

pytestmark = pytest.mark.slow

EACH = 50
"""Accidents in one test, so that several processes share the work."""
PLACELESS = {"MP1030", "MP2006"}
"""What is missing altogether has no place."""


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example, restored after each accident."""
    return Path(shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("mutations") / "fleet-spec"))


def accidents(spec: Path, seeds: range) -> Generator[tuple[int, str, str], None, None]:
    """Seed, file and province, while the file is broken."""
    files = sorted(p for p in spec.rglob("*") if p.is_file() and p.suffix != ".md")
    for seed in seeds:
        random = Random(seed)
        file = random.choice(files)
        whole = file.read_bytes()
        path = file.relative_to(spec).as_posix()
        file.write_bytes(mutated(path, whole.decode(), random).encode("utf-8", "surrogatepass"))
        own = path.split("/")[1] if path.startswith("provinces/") else random.choice(("qinghai", "guangdong"))
        try:
            yield seed, path, own
        finally:
            file.write_bytes(whole)


def compile_one(spec: Path, province: str) -> list[Diagnostic]:
    """Everything that is said about the shared documents and one province, rendered where nothing is wrong."""
    sink = Sink()
    shared = pipeline.read(spec, sink)
    if shared is not None and province in shared.provinces:
        compiled = pipeline.compile_province(shared, province, sink)
        if compiled is not None:
            dict(pipeline.render(compiled))
    return list(sink)


@pytest.mark.parametrize("number", range(20))
def test_accidents_are_survived(spec: Path, number: int) -> None:
    """No traceback, no message without a place, no place outside of its file."""
    with closing(accidents(spec, range(number * EACH, (number + 1) * EACH))) as broken:
        for seed, path, province in broken:
            where = f"seed {seed}, {path}"
            try:
                found = compile_one(spec, province)
            except Exception as error:
                raise AssertionError(where) from error
            for diagnostic in found:
                assert_placed(diagnostic, spec, where)


def assert_placed(diagnostic: Diagnostic, spec: Path, where: str) -> None:
    said = f"{where}\n{spoken(diagnostic)}"
    assert " object at 0x" not in said and "Error(" not in said
    if diagnostic.span is None:
        assert diagnostic.code.id in PLACELESS or diagnostic.severity is Severity.WARNING, said
        return
    for span in (diagnostic.span, *(related.span for related in diagnostic.related)):
        lines = (spec / span.path).read_text(encoding="utf-8", errors="replace").split("\n")
        assert 1 <= span.line <= len(lines) and 1 <= span.column <= len(lines[span.line - 1]) + 1, said
