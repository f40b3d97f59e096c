"""A small change of the spec is a small change of the tree: exactly these files, exactly so many lines."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from compiling import Compilation, compile_spec, read_files, write_files
from milepost.emit import write
from small import application, base, component, document, files, group, image, province

STATIONS = [(f"s{g}{n}", f"g{g}") for g in (1, 2, 3) for n in (1, 2, 3)]
SOUTH = [("t1", "g9"), ("t2", "g9")]
Files = dict[str, str]


def table(stations: list[tuple[str, str]]) -> str:
    return "name,group,type,value:speed\n" + "".join(f"{name},{g},toll-station,80\n" for name, g in stations)


def nodes(stations: list[tuple[str, str]]) -> str:
    rows = [f"{name}-{role},{name},box,{role}\n" for name, _ in stations for role in ("server", "lane")]
    return "name,station,profile,roles\n" + "".join(rows)


def fleet() -> Files:
    """Two provinces, four groups, eleven stations; one application is half-way through a release."""
    lane = component("lane", replicas="every-node", nodes={"roles": ["lane"]})
    web = component("web", nodes={"roles": ["server"]}, env={"SPEED": "{{ values.speed }}"}, ports=[PORT])
    first = application(
        "tolling", [lane, web], versions={v: {"lane": v, "web": v} for v in ("1.0.0", "1.1.0")}
    )
    second = application("log", [component("log", replicas="every-node")])
    waves = [{"name": "pilot", "groups": ["g1"]}, {"name": "rest", "groups": ["g2", "g3"]}, SOUTH_WAVE]
    body = {
        "application": "tolling",
        "from": "1.0.0",
        "to": "1.1.0",
        "waves": waves,
        "withoutPrepull": "small",
    }
    release = document("Release", "tolling-1-1-0", body | {"switched": "pilot"})
    documents = [
        *[d for d in base() if d["kind"] != "StationGroup"],
        province("south", "south-"),
        *(group(name) for name in ("g1", "g2", "g3")),
        group("g9", "south"),
        *(image(name, ("1.0.0", "1.1.0")) for name in ("lane", "web")),
        image("log"),
        first,
        second,
        release,
    ]
    more = {"south-stations.csv": table(SOUTH), "south-nodes.csv": nodes(SOUTH)}
    return files(documents, stations=table(STATIONS), nodes=nodes(STATIONS), more=more)


PORT = {"name": "http-web", "port": 80}
SOUTH_WAVE = {"name": "south", "provinces": ["south"]}


def edit(path: str, old: str, new: str) -> Callable[[Files], Files]:
    """A change of one place of a file."""

    def change(spec: Files) -> Files:
        assert spec[path].count(old) == 1, spec[path].count(old)
        return spec | {path: spec[path].replace(old, new)}

    return change


def add_station(spec: Files) -> Files:
    extra = [("s14", "g1")]
    return spec | {
        "stations.csv": spec["stations.csv"] + table(extra).split("\n", 1)[1],
        "nodes.csv": spec["nodes.csv"] + nodes(extra).split("\n", 1)[1],
    }


def lines(old: bytes, new: bytes) -> tuple[int, int]:
    """How many lines a diff takes away and adds."""
    found = list(difflib.unified_diff(old.decode().splitlines(), new.decode().splitlines(), n=0))[2:]
    return sum(line.startswith("-") for line in found), sum(line.startswith("+") for line in found)


def difference(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, tuple[int, int]]:
    """Each file that differs, with its lines taken away and added."""
    paths = sorted(p for p in before.keys() | after.keys() if before.get(p) != after.get(p))
    return {path: lines(before.get(path, b""), after.get(path, b"")) for path in paths}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Compilation:
    made = compile_spec(write_files(tmp_path_factory.mktemp("before"), fleet().items()))
    assert made.said == ""
    return made


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            edit("fleet.yaml", '"switched": "pilot"', '"switched": "rest"'),
            {
                "north/groups/g2/kustomization.yaml": (1, 1),
                "north/groups/g3/kustomization.yaml": (1, 1),
                "north/milepost.json": (5, 4),
                "north/releases/tolling-1.0.0/kustomization.yaml": (11, 0),
            },
            id="a wave switches: one line per group of it, and the old version goes when nothing runs it",
        ),
        pytest.param(
            edit("stations.csv", "s22,g2,toll-station,80", "s22,g2,toll-station,60"),
            {"north/groups/g2/s22.yaml": (1, 1)},
            id="a value of one station: one line",
        ),
        pytest.param(
            edit("nodes.csv", "s31-lane,s31,box,lane", "s31-lane,s31,box,"),
            {"north/bootstrap/join/g3.tsv": (1, 1)},
            id="a role of one node: its line of the join list",
        ),
        pytest.param(
            edit(
                "fleet.yaml",
                '{"province": "south", "road"',
                '{"labels": {"terrain": "hills"}, "province": "south", "road"',
            ),
            {"south/bootstrap/join/g9.tsv": (4, 4)},
            id="a label that nothing selects by: the join list of its group",
        ),
        pytest.param(
            add_station,
            {
                "north/bootstrap/join/g1.tsv": (0, 2),
                "north/groups/g1/kustomization.yaml": (0, 1),
                "north/groups/g1/s14.yaml": (0, 83),
                "north/milepost.json": (0, 1),
            },
            id="a station: its file, a line that lists it, and its nodes",
        ),
    ],
)
def test_change(
    before: Compilation,
    tmp_path: Path,
    change: Callable[[Files], Files],
    expected: dict[str, tuple[int, int]],
) -> None:
    """The files that differ, and how many lines of each."""
    after = compile_spec(write_files(tmp_path, change(fleet()).items()))
    assert not after.errors, after.said
    assert difference(before.files, after.files) == expected


def new_version(spec: Files) -> Files:
    """``log`` goes to 2.0.0 everywhere, without a release."""
    documents = [json.loads(text) for text in spec["fleet.yaml"].split("---\n")]
    for body in (d["spec"] for d in documents if d["metadata"]["name"] == "log"):
        if "repository" in body:
            body["versions"].append("2.0.0")
        else:
            body |= {"version": "2.0.0", "versions": {"2.0.0": {"log": "2.0.0"}}}
    inventory = {path: text for path, text in spec.items() if path.endswith(".csv")}
    return files(documents) | inventory


def test_a_new_version_touches_its_pins_and_one_line_per_group_that_runs_it(
    before: Compilation, tmp_path: Path
) -> None:
    """However many stations there are: none of their files changes."""
    after = compile_spec(write_files(tmp_path, new_version(fleet()).items()))
    assert not after.errors, after.said
    changed = difference(before.files, after.files)
    groups = ("north/groups/g1", "north/groups/g2", "north/groups/g3", "south/groups/g9")
    pins = [f"{p}/releases/log-{v}" for p in ("north", "south") for v in ("1.0.0", "2.0.0")]
    assert {p for p in changed if "/releases/" in p} == {f"{p}/kustomization.yaml" for p in pins}
    assert {p: n for p, n in changed.items() if "/groups/" in p} == {
        f"{g}/kustomization.yaml": (1, 1) for g in groups
    }
    assert len(changed) == len(pins) + len(groups) + 2, "and the index of each province"


def test_a_station_that_comes_and_goes_leaves_no_trace(before: Compilation, tmp_path: Path) -> None:
    """On disk: the tree is the old one, byte for byte, and the other province was not touched."""
    after = compile_spec(write_files(tmp_path / "spec", add_station(fleet()).items()))
    output = tmp_path / "rendered"
    for made in (before, after, before):
        for tree in made.trees.values():
            write(tree, output)
    assert dict(read_files(output)) == before.files
    assert {path for path in difference(before.files, after.files) if path.startswith("south/")} == set()
