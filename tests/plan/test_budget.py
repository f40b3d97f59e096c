"""What crosses which line, how long it takes, what is refused and what would help."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compiling import Compilation, compile_spec, write_files
from milepost.model.duration import seconds
from milepost.model.rollout import WavePull
from plan.highways import Highway, Site
from plan.test_budget_played import drawn

LANE = ("lane", "amd64", 0)
TWO_SECTIONS = Highway(
    (Site("a", "g1", 3, (LANE, LANE)), Site("b", "g2", 3, (LANE,))),
    to_province=100,
    to_section=20,
    share=0.5,
    new={("lane-app", "amd64"): (25, 15)},
)
MB = 1_000_000


def compiled(highway: Highway, folder: Path) -> Compilation:
    return compile_spec(write_files(folder, highway.files().items()))


def pull_of(highway: Highway, folder: Path) -> WavePull:
    made = compiled(highway, folder)
    assert not made.errors, made.said
    return made.provinces["north"].plan.prepulls.waves[0]


def test_a_cold_pull_crosses_the_centres_line_four_times(tmp_path: Path) -> None:
    """One client through two cold mirrors: 4x to the province, 2x to the section, once to the node."""
    first, *_ = pull_of(TWO_SECTIONS, tmp_path).stages
    assert {load.sort: load.total for load in first.loads} == {
        "province": 4 * 40 * MB,
        "station-group": 2 * 40 * MB,
        "site": 40 * MB,
    }


def test_a_second_section_asks_the_centre_for_nothing(tmp_path: Path) -> None:
    """Its mirror fetches twice from the province's, which is warm by then."""
    _, second, _ = pull_of(TWO_SECTIONS, tmp_path).stages
    assert {load.sort: load.total for load in second.loads} == {"station-group": 2 * 40 * MB, "site": 40 * MB}


def test_the_rest_pull_from_warm_mirrors(tmp_path: Path) -> None:
    """Once over their own lines, and nothing above."""
    *_, last = pull_of(TWO_SECTIONS, tmp_path).stages
    assert [(load.sort, load.total) for load in last.loads] == [("site", 40 * MB)]


def test_only_new_layers_count(tmp_path: Path) -> None:
    """The base layer of 30 MB is on the nodes since the version before."""
    assert pull_of(TWO_SECTIONS, tmp_path).most == 40 * MB


def test_times_follow_from_the_share_of_a_line(tmp_path: Path) -> None:
    """40 MB at half of 3 Mbit/s, three times one after the other: each mirror's first node, then the others."""
    pull = pull_of(TWO_SECTIONS, tmp_path)
    assert [round(stage.seconds) for stage in pull.stages] == [213, 213, 213]


def test_a_wave_that_does_not_fit_its_window_is_refused(tmp_path: Path) -> None:
    """With the slowest line, and three ways out."""
    made = compiled(replace(TWO_SECTIONS, window="5m"), tmp_path)
    (error,) = made.errors
    assert error.code.id == "MP4081"
    assert error.message == (
        'wave "w1" of release "app-2" takes 11m to reach the nodes of north, and its window is 5m'
    )
    assert "line of station a: 40 MB at 1.5 Mbit/s take 4m" in error.related[0].message
    assert error.hint == (
        "it would fit with a window of 15m, or 22 MB fewer of the 40 MB that a node fetches"
    )


@pytest.mark.parametrize(("window", "share"), [("8m", 0.5), ("10m", 0.3), ("30m", 0.1)])
def test_what_is_said_to_help_helps(window: str, share: float, tmp_path: Path) -> None:
    """The window of the hint, and the share of the hint where there is one, are each enough."""
    refused = replace(TWO_SECTIONS, window=window, share=share)
    (error,) = compiled(refused, tmp_path / "refused").errors
    (longer,) = re.findall(r"a window of (\w+)", error.hint or "")
    assert not compiled(replace(refused, window=longer), tmp_path / "longer").errors
    (more,) = re.findall(r"a share of ([0-9.]+[0-9])", error.hint or "")
    assert not compiled(replace(refused, share=float(more)), tmp_path / "more").errors


def test_a_wave_may_have_a_window_of_its_own(tmp_path: Path) -> None:
    """It stands in for the province's."""
    highway = replace(TWO_SECTIONS, window="5m")
    files = highway.files()
    files["fleet.yaml"] = files["fleet.yaml"].replace('"name": "w1"', '"name": "w1", "window": "11m"')
    assert not compile_spec(write_files(tmp_path, files.items())).errors


def test_a_wave_that_has_switched_is_not_refused(tmp_path: Path) -> None:
    """What is done is done, also where the line got slower since."""
    done = (("prepulled", "w1"), ("switched", "w1"))
    assert not compiled(replace(TWO_SECTIONS, window="5m", release=done), tmp_path).errors


def test_a_wave_that_waits_is_refused_before_it_begins(tmp_path: Path) -> None:
    """A release that cannot arrive is not begun."""
    assert [e.code.id for e in compiled(replace(TWO_SECTIONS, window="5m", release=()), tmp_path).errors] == [
        "MP4081"
    ]


def test_timeouts_leave_twice_the_time(tmp_path: Path) -> None:
    """In whole quarters of an hour, so that a node more or less changes no job."""
    for stage in pull_of(TWO_SECTIONS, tmp_path).stages:
        assert stage.timeout >= 2 * stage.seconds + 600
        assert stage.timeout % 900 == 0


def test_images_that_would_push_others_out_are_refused(tmp_path: Path) -> None:
    """Old and new images beside what is reserved, below the kubelet's 85 %."""
    files = TWO_SECTIONS.files()
    files["fleet.yaml"] = files["fleet.yaml"].replace('"disk": "64Gi"', '"disk": "5Gi"')
    made = compile_spec(write_files(tmp_path, files.items()))
    assert {e.code.id for e in made.errors} == {"MP4082"}
    (error,) = made.errors
    assert error.message == (
        'old and new images of wave "w1" take 0.3 GiB on the disk of a "amd64", and images may have 0.2 GiB '
        "before any are removed"
    )


def faster(highway: Highway, what: str) -> Highway:
    """``highway`` with one rate doubled."""
    if what == "province":
        return replace(highway, to_province=2 * highway.to_province)
    if what == "section":
        return replace(highway, to_section=2 * highway.to_section)
    sites = tuple(replace(s, rate=2 * s.rate) if s.name == what else s for s in highway.sites)
    return replace(highway, sites=sites)


@given(st.integers(0, 10_000), st.data())
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_doubling_a_rate_never_lengthens_a_plan(
    tmp_path_factory: pytest.TempPathFactory, seed: int, data: st.DataObject
) -> None:
    """Of any line: to the province, to the sections, to one station."""
    highway = drawn(seed)
    what = data.draw(st.sampled_from(["province", "section", *(site.name for site in highway.sites)]))
    folder = tmp_path_factory.mktemp("highway")
    before = pull_of(highway, folder / "before").seconds
    assert pull_of(faster(highway, what), folder / "after").seconds <= before + 1e-9


def test_every_wave_of_a_release_has_its_own_budget(tmp_path: Path) -> None:
    """A second wave fills the mirrors of its own sections; the province's is counted as cold again."""
    made = compiled(replace(TWO_SECTIONS, waves=(("g1",), ("g2",))), tmp_path)
    one, two = made.provinces["north"].plan.prepulls.waves
    assert [stage.level for stage in one.stages] == ["province", ""]
    assert {load.sort: load.total for load in two.stages[0].loads}["province"] == 4 * 40 * MB
    assert seconds("100h") == two.window
