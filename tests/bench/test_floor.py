"""The floor is worth comparing with only if it does the same work."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import floor, sample
from compiling import compile_spec, read_files
from milepost.generate import generate

pytestmark = pytest.mark.slow


def test_the_floor_leaves_what_the_compiler_leaves(tmp_path: Path) -> None:
    """The same bytes in the same files, in one process and in two."""
    generate(tmp_path / "spec", provinces=2, nodes=80, seed=1)
    compilation = compile_spec(tmp_path / "spec")
    pieces = ((name, floor.blocks(compiled)) for name, compiled in compilation.provinces.items())
    folder = floor.keep(pieces, tmp_path / "pieces")
    for processes in (1, 2):
        output = tmp_path / f"by-{processes}"
        assert floor.measure(folder, output, processes).cpu > 0
        assert dict(read_files(output)) == compilation.files


def test_a_sample_holds_what_its_files_hold(tmp_path: Path) -> None:
    """Peers are compared with these objects, so they must be the compiler's."""
    generate(tmp_path / "spec", provinces=1, nodes=80, seed=1)
    (province,) = compile_spec(tmp_path / "spec").provinces
    taken = sample.take(tmp_path / "spec", province, 20)
    assert taken.objects == sum(taken.counted().values()) >= 20
    assert {path for _, files in taken.pieces[province] for path, _ in files} == set(taken.by_file())
