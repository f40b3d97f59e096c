"""The laws of a tree, held against the example, generated fleets, every case and random fleets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from compiling import Compilation, compile_spec, write_files
from fleets import compiled, roots
from kustomize import build, by_identity, expected, switches, unmarked
from laws.tree import LAWS
from strategies import Files, fleets

pytestmark = pytest.mark.slow

every_fleet = pytest.mark.parametrize("name", roots())
every_law = pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)


@every_fleet
def test_the_fleet_compiles(name: str) -> None:
    """What follows would hold of nothing at all, too."""
    assert compiled(name).files and not compiled(name).errors, compiled(name).said


@every_law
@every_fleet
def test_law(law: Callable[[Compilation], None], name: str) -> None:
    """Each law says itself what it is about."""
    law(compiled(name))


@given(fleets())
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_laws_of_random_fleets(tmp_path_factory: pytest.TempPathFactory, files: Files) -> None:
    """All of them."""
    made = compile_spec(write_files(tmp_path_factory.mktemp("fleet"), files.items()))
    for law in LAWS:
        law(made)


def _builds(fleet: Compilation, folder: Path) -> None:
    for name, tree in fleet.trees.items():
        files = dict(tree.items())
        whole = by_identity(unmarked(build(folder / name, files)))
        assert whole == by_identity(expected(files))
        for switch in switches(files):
            taken = by_identity(build(folder / f"{name}-{switch.partition('/')[2]}", files, [switch]))
            # What moves is what its section would have, and nothing else of it.
            assert taken and taken.items() <= whole.items()


@every_fleet
def test_every_unit_builds_to_the_objects_that_it_holds(name: str, tmp_path: Path) -> None:
    """``kubectl kustomize`` puts the pinned images in their place and does nothing else."""
    _builds(compiled(name), tmp_path)


@given(fleets())
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_units_of_random_fleets_build(tmp_path_factory: pytest.TempPathFactory, files: Files) -> None:
    """Texts of every kind among them."""
    folder = tmp_path_factory.mktemp("fleet")
    _builds(compile_spec(write_files(folder / "spec", files.items())), folder / "trees")
