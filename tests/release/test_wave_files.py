"""A step of a release touches the files of its wave and no other, and is small enough to read."""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compiling import Compilation, compile_spec, write_files
from fleets import EXAMPLE
from milepost.driver import release_step
from milepost.model import release_steps
from plan.highways import Highway
from plan.test_budget_played import drawn
from release.differences import of_trees

pytestmark = pytest.mark.slow

EVERY = settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def belongs(path: str, release_name: str, wave: str, groups: set[str]) -> bool:
    """Whether a file of a province's tree is the wave's own, or lists what its unit, its folder or its tree holds."""
    unit = f"prepull/{release_name}-{wave}"
    whole = ("milepost.json", "sync/kustomization.yaml")
    lists = path in whole or path.startswith("releases/")
    pulls = path.startswith((f"{unit}/", f"{unit}-", f"sync/milepost-{unit.replace('/', '-')}"))
    own = {f"groups/{g}/kustomization.yaml" for g in groups} | {f"sync/{g}.yaml" for g in groups}
    switches = any(path.startswith((f"switch/{g}.", f"sync/{g}.")) for g in groups)
    return (
        lists
        or pulls
        or switches
        or path in own
        or path in {f"groups/{g}/prepull.{release_name}.yaml" for g in groups}
    )


def walk(root: Path, *, together: bool = False) -> list[tuple[str, Compilation]]:
    """Every state of a release from where it is to its end, with the sentence that led there."""
    found = [("", compile_spec(root))]
    while True:
        try:
            moved = release_step.step(root, None, lambda r: release_steps.advance(r, together=together))
        except release_steps.NoReleaseStepError:
            return found
        found.append((moved.said, compile_spec(root)))
        assert not found[-1][1].errors, found[-1][1].said


def waves(made: Compilation) -> list[tuple[str, frozenset[str]]]:
    compiled = next(iter(made.provinces.values()))
    (only,) = compiled.plan.fleet.catalog.releases
    return [(wave.name, wave.groups) for wave in only.waves]


def applied(made: Compilation) -> int:
    """How many waves wait for no pre-pull any more."""
    (release,) = next(iter(made.provinces.values())).plan.fleet.catalog.releases
    return release.applied


def assert_own_files_alone(states: list[tuple[str, Compilation]], name: str) -> None:
    for (_, before), (said, after) in pairwise(states):
        (wave,) = [(w, groups) for w, groups in waves(after) if f'wave "{w}"' in said]
        # What the step before has brought waits for nothing any more.
        ended = [groups for _, groups in waves(after)[applied(before) : applied(after)]]
        reached = wave[1].union(*ended)
        for path in of_trees(before.files, after.files):
            province, _, inside = path.partition("/")
            mine = set(reached) & set(after.provinces[province].plan.fleet.groups)
            assert mine, f"{said} touches {path}"
            assert belongs(inside, name, wave[0], mine), f"{said} touches {path}"


def several_waves(seed: int, engine: str) -> Highway:
    highway = drawn(seed)
    sections = highway.sections
    return replace(highway, waves=tuple((name,) for name in sections), release=(), engine=engine)


@given(seed=st.integers(0, 100_000), engine=st.sampled_from(["flux", "argocd"]), together=st.booleans())
@EVERY
def test_a_step_never_changes_a_file_outside_its_wave(
    tmp_path_factory: pytest.TempPathFactory, seed: int, engine: str, together: bool
) -> None:
    """From the first pre-pull to the last switch, with either agent, one commit or two a wave."""
    root = tmp_path_factory.mktemp("highway")
    write_files(root, several_waves(seed, engine).files().items())
    assert_own_files_alone(walk(root, together=together), "app-2")


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Compilation]]:
    """The states of the example's release from where it stands."""
    root = tmp_path_factory.mktemp("example") / "fleet-spec"
    return walk(Path(shutil.copytree(EXAMPLE, root)))


def test_steps_of_the_example_stay_in_their_wave(example: list[tuple[str, Compilation]]) -> None:
    """Three provinces, of which each step touches those of its wave."""
    assert len(example) == 5
    assert_own_files_alone(example, "tolling-1-5-0")


def sizes(before: Compilation, after: Compilation) -> dict[str, tuple[int, int]]:
    """Files and lines of a step, by what they are."""
    found: dict[str, tuple[int, int]] = {}
    for path, lines in of_trees(before.files, after.files).items():
        kind = path.split("/")[1]
        files, total = found.get(kind, (0, 0))
        found[kind] = (files + 1, total + len(lines))
    return found


def test_a_switch_of_the_example_is_read_in_a_minute(example: list[tuple[str, Compilation]]) -> None:
    """Six groups of two provinces: a line each for the version, and in Hunan (with Flux) a unit for what waits."""
    (_, before), (said, after) = example[0], example[1]
    assert said == 'wave "south" switches to 1.5.0'
    found = sizes(before, after)
    assert found["groups"] == (6, 15)
    assert found["switch"] == (3, 18)
    assert {kind: files for kind, (files, _) in found.items()} == {
        "groups": 6,
        "switch": 3,
        "sync": 4,
        "releases": 5,
        "milepost.json": 2,
    }
    assert sum(lines for _, lines in found.values()) < 250


def test_a_prepull_of_the_example_is_read_in_a_minute(example: list[tuple[str, Compilation]]) -> None:
    """The jobs of three groups and of the nodes that fill their mirrors; and the units of the wave before it go."""
    (_, before), (said, after) = example[1], example[2]
    assert said == 'wave "plateau" is told to pull 1.5.0'
    found = sizes(before, after)
    assert {kind: files for kind, (files, _) in found.items()} == {
        "prepull": 8,
        "groups": 3,
        "switch": 3,
        "releases": 2,
        "sync": 8,
        "milepost.json": 3,
    }
    assert sum(lines for _, lines in found.values()) < 500


def test_a_switched_group_waits_for_its_pull_and_no_other_does(
    example: list[tuple[str, Compilation]],
) -> None:
    """What moves waits for the last stage of the group's own wave, in a unit of its own; its section does not."""
    (_, first), (_, switched) = example[0], example[1]
    for group in ("hn-g4-leiyi", "hn-g60-tanshao", "hn-g72-hengyan"):
        text = switched.files[f"hunan/sync/{group}.tolling.yaml"].decode()
        assert "milepost-prepull-tolling-1-5-0-south\n" in text
        assert "pilot" not in text
        assert b"prepull" not in switched.files[f"hunan/sync/{group}.yaml"]
    assert not any("switch/hn-g4-leiyi" in path for path in first.files)
