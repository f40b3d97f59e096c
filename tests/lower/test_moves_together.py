"""Applications that move together: another version is one file a province, and a wave still moves by lines of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compiling import Compilation, compile_spec, write_files
from small import application, base, component, document, files, group, image, province

VERSIONS = {version: {"web": version} for version in ("1.0.0", "1.1.0")}
SOUTH = "releases/app-current/kustomization.yaml"


def fleet(tmp_path: Path, *more: dict[str, Any], moves: str = "together", **fields: Any) -> Compilation:
    """Two provinces of two groups, all of which run one application."""
    places = (("north", "n4"), ("north", "n5"), ("south", "s4"), ("south", "s5"))
    groups = [group(name, where) for where, name in places[1:]]
    app = application("app", [component()], versions=VERSIONS, moves=moves, **fields)
    south = province("south", "south-")
    north = [d for d in base() if d["kind"] != "StationGroup"]
    stations = {name: f"{name}a,{name},toll-station\n" for _, name in places}
    nodes = {name: f"{name}a-1,{name}a,box,server\n" for _, name in places}
    head, nodes_head = "name,group,type\n", "name,station,profile,roles\n"
    made = files(
        [*north, group("n4"), *groups, south, image("web", versions=list(VERSIONS)), app, *more],
        stations=head + stations["n4"] + stations["n5"],
        nodes=nodes_head + nodes["n4"] + nodes["n5"],
        more={
            "south-stations.csv": head + stations["s4"] + stations["s5"],
            "south-nodes.csv": nodes_head + nodes["s4"] + nodes["s5"],
        },
    )
    compiled = compile_spec(write_files(tmp_path, made.items()))
    assert not compiled.errors, compiled.said
    return compiled


def changed(old: Compilation, new: Compilation) -> set[str]:
    """Paths of files that came, went or differ."""
    return {p for p in old.files.keys() | new.files.keys() if old.files.get(p) != new.files.get(p)}


def test_another_version_is_one_file_in_each_province(tmp_path: Path) -> None:
    """However many groups run it."""
    before = fleet(tmp_path / "before", version="1.0.0")
    after = fleet(tmp_path / "after", version="1.1.0")
    assert changed(before, after) == {f"{name}/{SOUTH}" for name in ("north", "south")}


def test_in_waves_each_group_has_a_line(tmp_path: Path) -> None:
    """As before, where nothing is said."""
    before = fleet(tmp_path / "before", moves="in-waves", version="1.0.0")
    after = fleet(tmp_path / "after", moves="in-waves", version="1.1.0")
    lines = {f"{p}/groups/{g}/kustomization.yaml" for p, g in (("north", "n4"), ("south", "s5"))}
    assert lines <= changed(before, after)


@pytest.mark.parametrize("switched", [None, "pilot"])
def test_a_wave_moves_by_its_own_line(tmp_path: Path, switched: str | None) -> None:
    """Its groups name the version that they run; all others still share theirs."""
    wave = {"name": "pilot", "groups": ["n5"]}
    body = {"application": "app", "from": "1.0.0", "to": "1.1.0", "waves": [wave], "withoutPrepull": "a test"}
    release = document("Release", "app-1-1", body | ({"switched": switched} if switched else {}))
    made = fleet(tmp_path, release, version="1.0.0").files
    named = {g: made[f"{p}/groups/{g}/kustomization.yaml"] for p, g in (("north", "n4"), ("north", "n5"))}
    assert b"releases/app-current\n" in named["n4"]
    assert (b"releases/app-1.1.0\n" if switched else b"releases/app-current\n") in named["n5"]
    assert ("north/releases/app-1.1.0/kustomization.yaml" in made) is bool(switched)
