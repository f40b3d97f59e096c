"""``milepost release_step`` on a copy of the example: what it edits, what that compiles to, what it refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli.test_commands import milepost
from compiling import compile_spec
from fleets import EXAMPLE
from milepost.driver import release_step
from milepost.model.release_steps import ReleaseStep, SpecEdit
from release.differences import difference

pytestmark = pytest.mark.slow

RELEASE = "releases/tolling-1.5.0.yaml"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "fleet-spec"))


def step(spec: Path, *arguments: str) -> str:
    """Run a step; give what it says."""
    done = milepost("release", *arguments, cwd=spec.parent)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def changed(spec: Path, path: str) -> list[str]:
    return difference(EXAMPLE / path, spec / path)


def test_status_says_how_far_it_is(spec: Path) -> None:
    """Each wave with its state, and the step that follows."""
    said = step(spec, "status")
    assert "pilot    applied" in said
    assert "south    pre-pulled" in said
    assert 'next: wave "south" switches to 1.5.0' in said
    (found,) = json.loads(step(spec, "status", "--format", "json"))["releases"]
    assert [wave["state"] for wave in found["waves"]] == ["applied", "pre-pulled", "waiting"]
    assert "| south | pre-pulled |" in step(spec, "status", "--format", "markdown")


def test_a_step_is_one_line_of_the_spec_and_comments_stay(spec: Path) -> None:
    """From the state of the example to its end, each step compiles."""
    said = [step(spec, "advance") for _ in range(3)]
    assert said == [
        'wave "south" switches to 1.5.0',
        'wave "plateau" is told to pull 1.5.0',
        'wave "plateau" switches to 1.5.0',
    ]
    assert changed(spec, RELEASE) == [
        "-  prepulled: south",
        "-  switched: pilot",
        "-  applied: pilot",
        "+  prepulled: plateau",
        "+  switched: plateau",
        "+  applied: south",
    ]
    assert not compile_spec(spec).errors
    assert step(spec, "finish") == 'release "tolling-1-5-0" has ended; "tolling" runs 1.5.0'
    assert not (spec / RELEASE).exists()
    assert changed(spec, "applications/tolling.yaml") == ["-  version: 1.4.2", "+  version: 1.5.0"]
    made = compile_spec(spec)
    assert not made.errors
    assert not any("/prepull/" in path for path in made.files)


def test_at_the_end_nothing_follows(spec: Path) -> None:
    """It says what to do instead, and edits nothing."""
    for _ in range(3):
        step(spec, "advance")
    assert step(spec, "advance") == 'wave "plateau" waits for its pre-pull no more'
    again = milepost("release", "advance", cwd=spec.parent)
    assert again.returncode == 2
    assert "milepost release finish" in again.stderr


def test_a_rollback_is_a_release_too(spec: Path) -> None:
    """The groups that had switched run what they came from, without waiting for images that they have."""
    assert step(spec, "rollback") == 'wave "pilot" goes back to 1.4.2'
    made = compile_spec(spec)
    assert not made.errors, made.said
    assert not any("/prepull/" in path for path in made.files)
    pinned = made.files["hunan/groups/hn-g4-changtan/kustomization.yaml"].decode()
    assert "../../releases/tolling-1.4.2" in pinned
    assert step(spec, "finish") == 'release "tolling-1-5-0" has ended; "tolling" runs 1.4.2'


def test_a_failed_pull_is_tried_again_under_new_names(spec: Path) -> None:
    """One key of the wave, and other jobs with the same content."""
    before = compile_spec(EXAMPLE)
    assert step(spec, "retry") == 'wave "south" pulls 1.5.0 again, attempt 2'
    assert changed(spec, RELEASE) == ["+      attempt: 2"]
    after = compile_spec(spec)
    differing = {p for p in before.files if before.files[p] != after.files[p]}
    assert differing and all("/prepull/tolling-1-5-0-south" in path for path in differing)


def test_nothing_is_edited_while_the_spec_is_wrong(spec: Path) -> None:
    """It says why, with the place."""
    path = spec / RELEASE
    path.write_text(path.read_text().replace("  application: tolling\n", "  application: [tolling]\n"))
    before = path.read_bytes()
    done = milepost("release", "advance", cwd=spec.parent)
    assert done.returncode == 1
    assert path.read_bytes() == before
    assert "releases/tolling-1.5.0.yaml" in done.stderr


def test_a_step_that_breaks_the_spec_is_taken_back(spec: Path) -> None:
    """The bytes are those before."""
    before = (spec / RELEASE).read_bytes()
    wrong = ReleaseStep("to nowhere", (SpecEdit(("spec", "to"), "9.9.9"),))
    moved = release_step.step(spec, None, lambda _: wrong)
    assert moved.failed
    assert [d.code.id for d in moved.diagnostics if d.severity == "error"] == ["MP3001"]
    assert (spec / RELEASE).read_bytes() == before
    assert not list((spec / "releases").glob(".milepost-*"))


def test_windows_line_ends_stay(spec: Path) -> None:
    """A file keeps the newlines that it has."""
    path = spec / RELEASE
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    step(spec, "advance")
    data = path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert b"  switched: south\r\n" in data


def test_several_releases_are_told_apart_by_name(spec: Path) -> None:
    """A near name is offered."""
    text = (spec / RELEASE).read_text().replace("tolling-1-5-0", "gantry-3-1-0")
    text = text.replace("application: tolling", "application: gantry")
    text = text.replace("1.4.2", "3.0.4").replace("1.5.0", "3.1.0")
    (spec / "releases" / "gantry.yaml").write_text(text)
    unnamed = milepost("release", "advance", cwd=spec.parent)
    assert (unnamed.returncode, "name one with --release: gantry-3-1-0, tolling-1-5-0" in unnamed.stderr) == (
        2,
        True,
    )
    near = milepost("release", "advance", "--release", "gantry-3-1", cwd=spec.parent)
    assert 'did you mean "gantry-3-1-0"?' in near.stderr
    assert step(spec, "advance", "--release", "gantry-3-1-0") == 'wave "south" switches to 3.1.0'


def test_plan_shows_what_each_wave_moves(spec: Path) -> None:
    """As text, as a table for a pull request, and as JSON."""
    done = milepost("plan", cwd=spec.parent)
    assert done.returncode == 0
    assert "tolling-1-5-0, wave south: pre-pulled" in done.stdout
    assert "line of station gd-g4-ruyuan: 171 MB at 5 Mbit/s" in done.stdout
    assert "tolling/lane-backend: 9.82 s of 10 s: the old pod stops 1 s" in done.stdout
    table = milepost("plan", "--format", "markdown", cwd=spec.parent).stdout
    assert "| tolling-1-5-0 | plateau | waiting | qinghai | 18 | 39 MB | 24m | 8h | 5% |" in table
    data = json.loads(milepost("plan", "--format", "json", "--province", "qinghai", cwd=spec.parent).stdout)
    (wave,) = data["waves"]
    assert (wave["province"], wave["fits"]) == ("qinghai", True)
    assert [line["to"] for line in wave["stages"][0]["lines"]] == ["site", "station-group", "province"]


def test_plan_shows_a_wave_that_is_refused(spec: Path) -> None:
    """The numbers are what one needs to mend it."""
    province = spec / "provinces" / "qinghai" / "province.yaml"
    province.write_text(province.read_text().replace("window: 8h", "window: 10m"))
    done = milepost("plan", "--province", "qinghai", cwd=spec.parent)
    assert done.returncode == 1
    assert "too long" in done.stdout
    assert "MP4081" in done.stderr
