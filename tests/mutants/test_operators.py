"""Mutants are small faults of functions, named by what they are; put in, they are what runs, in that process alone."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from mutants.__main__ import EQUIVALENT, STAGES, SURVIVORS, read
from mutants.operators import code, mutants
from mutants.session import PACKAGE, put_in

SOURCE = '''
LIMIT = 3

def small(n: int = 1) -> bool:
    """Whether n is small."""
    return n < LIMIT and not n == 2

class Box:
    def grow(self, by):
        if by:
            self.told.add(f"grows by {by}", limit=4)
            return by + 1
        raise ValueError("by 0")
'''
EXPECTED = [
    "small: n < LIMIT and (not n == 2) -> n < LIMIT or not n == 2",
    "small: n < LIMIT -> n <= LIMIT",
    "small: not n == 2 -> n == 2",
    "small: n == 2 -> n != 2",
    "small: 2 -> 3",
    "Box.grow: if by: -> if not by:",
    "Box.grow: self.told.add(f'grows by {by}', limit=4) -> pass",
    "Box.grow: by + 1 -> by - 1",
    "Box.grow: 1 -> 2",
]
"""Neither what runs at import nor the words of a message."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "milepost"
    folder.mkdir()
    (folder / "sample.py").write_text(SOURCE)
    return folder / "sample.py"


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("sample", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_place_that_could_be_otherwise_is_a_mutant(path: Path) -> None:
    """Each says what it changes."""
    assert [f"{m.function}: {m.before} -> {m.after}" for m in mutants(path)] == EXPECTED


def test_a_mutant_is_named_alike_wherever_its_line_moves(path: Path) -> None:
    before = [str(m) for m in mutants(path)]
    path.write_text("\n\n" + SOURCE)
    assert [str(m) for m in mutants(path)] == before
    assert all(name.startswith("sample.py ") and " in `" in name for name in before)


def test_a_mutant_that_is_put_in_is_what_runs(path: Path) -> None:
    """Through every reference that somebody took before."""
    module = loaded(path)
    small, grow = module.small, module.Box().grow
    assert small(3) is False and grow.__func__.__code__.co_qualname == "Box.grow"
    (shifted,) = [m for m in mutants(path) if m.after == "n <= LIMIT"]
    assert put_in(shifted) == 1
    assert small(3) is True and module.small(4) is False


def test_a_mutant_of_what_nothing_imported_is_refused(path: Path) -> None:
    """It would survive every test."""
    with pytest.raises(LookupError, match="no function that was imported"):
        put_in(mutants(path)[0])


def test_every_mutant_of_the_stages_can_be_made() -> None:
    """A sample of them: the code is of the function that is named, and another than it was."""
    paths = [p for stage in STAGES for p in sorted((PACKAGE / stage).rglob("*.py"))]
    found = [m for p in paths[::5] for m in mutants(p)[::7]]
    assert len(found) > 50
    for mutant in found:
        assert code(mutant).co_qualname == mutant.function


def test_what_is_listed_is_a_mutant() -> None:
    """Not one of a line that is gone."""
    listed = [*read(EQUIVALENT), *read(SURVIVORS)]
    known = {str(m) for name in {line.split()[0] for line in listed} for m in mutants(PACKAGE / name)}
    assert set(listed) - known == set()
    assert len(set(listed)) == len(listed)


def test_what_is_equivalent_says_why() -> None:
    """On the line above."""
    lines = EQUIVALENT.read_text().splitlines()
    assert all(lines[lines.index(line) - 1].startswith("# ") for line in read(EQUIVALENT))
