"""A new application comes in waves, and one that goes leaves in waves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from compiling import compile_spec, write_files
from field_changes import Fleet, read
from fleets import EXAMPLE
from milepost import driver, pipeline
from milepost.diagnostics import Sink
from milepost.driver import release_step
from milepost.model import release_steps

PILOT = "hn-g4-changtan"
OTHERS = [{"name": "others", "provinces": ["guangdong", "qinghai"], "groups": ["hn-g4-leiyi", "hn-g60-tanshao", "hn-g72-hengyan"]}]  # fmt: skip


def fleet(**release: Any) -> Fleet:
    """The example with one release of the collector, which runs at every station."""
    example = read(EXAMPLE)
    documents = {p: [d for d in found if d["kind"] != "Release"] for p, found in example.documents.items()}
    waves = [{"name": "pilot", "groups": [PILOT]}, *OTHERS]
    body = {"application": "collector", "waves": waves} | release
    documents = {p: found for p, found in documents.items() if found}
    document = {
        "apiVersion": "milepost.dev/v1alpha1",
        "kind": "Release",
        "metadata": {"name": "collector"},
        "spec": body,
    }
    texts = {**example.texts, "releases/collector.yaml": yaml.safe_dump(document)}
    return Fleet(documents, example.tables, texts)


def groups_with_it(root: Path) -> set[str]:
    made = compile_spec(root)
    assert not made.errors, made.said
    found = {path: data for path, data in made.files.items() if "/groups/" in path}
    return {path.split("/")[2] for path, data in found.items() if b"collector-collector" in data}


def advance(root: Path) -> None:
    assert not release_step.step(root, None, release_steps.advance).failed


def every(root: Path) -> set[str]:
    shared = pipeline.read(root, Sink())
    assert shared is not None
    return set(shared.spec.station_groups)


def test_a_new_application_comes_wave_by_wave(tmp_path: Path) -> None:
    root = write_files(tmp_path, fleet(**{"from": "none", "to": "0.31.0"}).files())
    assert groups_with_it(root) == set()
    advance(root)
    assert groups_with_it(root) == set(), "it is pulled first"
    advance(root)
    assert groups_with_it(root) == {PILOT}
    advance(root)
    advance(root)
    assert groups_with_it(root) == every(root)
    assert not release_step.finish(root, None).failed
    assert groups_with_it(root) == every(root)


def test_its_images_are_pulled_ahead(tmp_path: Path) -> None:
    """To the nodes where it will run, though it runs nowhere yet."""
    root = write_files(tmp_path, fleet(**{"from": "none", "to": "0.31.0"}).files())
    advance(root)
    made = compile_spec(root)
    (pull,) = [w for w in made.provinces["hunan"].plan.prepulls.waves if w.wave.name == "pilot"]
    pilot = made.provinces["hunan"].plan.fleet.groups[PILOT]
    assert pull.nodes == sum(len(station.nodes) for station in pilot.stations)
    assert pull.images == ("collector none -> 0.31.0",)


@pytest.mark.parametrize("everything", [True, False])
def test_a_first_rollout_is_taken_back(tmp_path: Path, everything: bool) -> None:
    root = write_files(tmp_path, fleet(**{"from": "none", "to": "0.31.0"}).files())
    advance(root)
    advance(root)
    done = release_step.step(root, None, lambda r: release_steps.rollback(r, everything=everything))
    assert not done.failed
    assert groups_with_it(root) == set()
    ended = release_step.finish(root, None)
    assert "runs nowhere and has left the spec" in ended.said
    assert groups_with_it(root) == set()


def test_an_application_goes_wave_by_wave(tmp_path: Path) -> None:
    reason = {"withoutPrepull": "nothing new is pulled"}
    root = write_files(tmp_path, fleet(**{"from": "0.31.0", "to": "none"} | reason).files())
    assert groups_with_it(root) == every(root)
    advance(root)
    assert groups_with_it(root) == every(root) - {PILOT}
    advance(root)
    assert groups_with_it(root) == set()
    assert not release_step.finish(root, None).failed
    assert not (root / "applications/collector.yaml").exists()
    assert groups_with_it(root) == set()


def test_a_first_rollout_goes_to_what_the_application_runs(tmp_path: Path) -> None:
    root = write_files(tmp_path, fleet(**{"from": "none", "to": "0.32.0"}).files())
    made = compile_spec(root)
    assert {d.code.id for d in made.errors} == {"MP4030"}
    assert "goes to 0.32.0, but the application runs 0.31.0" in made.said


def test_a_new_application_fits_the_stations_that_its_waves_will_bring_it_to(tmp_path: Path) -> None:
    """Its selector is not taken for one that fits nothing, before the first wave has switched."""
    root = write_files(tmp_path / "spec", fleet(**{"from": "none", "to": "0.31.0"}).files())
    request = driver.RunRequest(root, tmp_path / "rendered", cached=False, jobs=1)
    done = driver.run(request)
    assert done.verdict is driver.RunVerdict.FINE, [d.message for d in done.diagnostics]
