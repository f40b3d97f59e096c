"""A selector that fits nothing in the whole fleet is an error, unless it says that it may be empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from compiling import write_files
from milepost import driver
from milepost.driver import RunVerdict
from small import application, base, component, document, files, group, image, province

Documents = list[dict[str, Any]]
STATIONS = "name,group,type,label:zone\na,g4,toll-station,north\n"
SOUTH = {
    "s/stations.csv": "name,group,type,label:zone\nb,g5,toll-station,south\n",
    "s/nodes.csv": "name,station,profile,roles\nb1,b,box,lane\n",
}


def fleet(*components: Mapping[str, Any], also: Sequence[dict[str, Any]] = (), **app: Any) -> Documents:
    """Two provinces: zone ``north`` with servers, zone ``south`` with a lane."""
    named = sorted({str(c["image"]) for c in components})
    there = [province("south", "s/"), group("g5", "south")]
    return [*base(), *there, *(image(n) for n in named), application("app", components, **app), *also]


def run(root: Path, documents: Documents, *provinces: str, output: Path | None = None) -> driver.RunResult:
    write_files(root, files(documents, stations=STATIONS, more=SOUTH).items())
    return driver.run(driver.RunRequest(root, output, provinces=provinces, jobs=1))


def said(found: driver.RunResult) -> list[tuple[str, str | None]]:
    return [(d.message, d.hint) for d in found.diagnostics if d.code.id == "MP4018"]


OTHERWISE = "add `mayBeEmpty: true` to it if that is meant"
LANE = component("lane", replicas="every-node", nodes={"labels": {"zone": "nort"}})


def wave(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "groups": ["g6"], **more}


def releasing(*waves: dict[str, Any]) -> Documents:
    """A release of ``app`` to 1.1.0 with a group that has no station."""
    release = {"application": "app", "from": "1.0.0", "to": "1.1.0", "waves": list(waves)}
    versions = {"1.0.0": {"web": "1.0.0"}, "1.1.0": {"web": "1.1.0"}}
    app = application("app", [component()], versions=versions)
    there = [province("south", "s/"), group("g5", "south"), group("g6")]
    return [*base(), *there, image("web", ["1.0.0", "1.1.0"]), app, document("Release", "r", release)]


@pytest.mark.parametrize(
    ("documents", "message", "hint"),
    [
        (
            lambda **empty: fleet(LANE | {"nodes": LANE["nodes"] | empty}),
            'component "lane" of application "app" fits no node of the whole fleet: none has the label zone=nort',
            f'did you mean "zone=north"? Otherwise {OTHERWISE}',
        ),
        (
            lambda **empty: fleet(
                component(
                    replicas="every-node", nodes={"labels": {"zone": "south"}, "roles": ["server"]} | empty
                )
            ),
            'component "web" of application "app" fits no node of the whole fleet, though each label that it names is carried by some',
            OTHERWISE,
        ),
        (
            lambda **empty: fleet(component(), stations={"types": ["gantry"]} | empty),
            'application "app" fits no station of the whole fleet',
            OTHERWISE,
        ),
        (
            lambda **empty: fleet(
                component(),
                also=[document("NodeGroup", "arm", {"match": {"architectures": ["arm64"]} | empty})],
            ),
            'node group "arm" fits no node of the whole fleet',
            OTHERWISE,
        ),
        (
            lambda **empty: releasing({"name": "first", "groups": ["g4"]}, wave("later", **empty)),
            'wave "later" of release "r" fits no station of the whole fleet',
            OTHERWISE,
        ),
    ],
    ids=["label", "together", "application", "node-group", "wave"],
)
def test_what_fits_nothing_is_refused_unless_it_may_be_empty(
    tmp_path: Path, documents: Callable[..., Documents], message: str, hint: str
) -> None:
    """With what is near; and nothing is written."""
    output = tmp_path / "rendered"
    refused = run(tmp_path / "spec", documents(), output=output)
    assert said(refused) == [(message, hint)]
    assert refused.verdict is RunVerdict.WRONG
    assert not any(output.glob("*/*"))
    assert said(run(tmp_path / "empty", documents(mayBeEmpty=True))) == []


def test_what_fits_in_another_province_fits(tmp_path: Path) -> None:
    """Also where that province needs no work, or is the only one that is looked at."""
    only_south = component("lane", replicas="every-node", nodes={"labels": {"zone": "south"}})
    output = tmp_path / "rendered"
    assert run(tmp_path / "spec", fleet(only_south), output=output).verdict is RunVerdict.FINE
    (tmp_path / "spec" / "stations.csv").write_text(STATIONS.replace("a,g4", "a2,g4"))
    (tmp_path / "spec" / "nodes.csv").write_text("name,station,profile,roles\na1,a2,box,server\n")
    again = driver.run(driver.RunRequest(tmp_path / "spec", output, jobs=1))
    assert (again.verdict, said(again)) == (RunVerdict.FINE, [])
    assert run(tmp_path / "spec", fleet(LANE), "north").verdict is RunVerdict.FINE


def test_a_label_that_goes_from_the_last_node_is_found_by_the_next_run(tmp_path: Path) -> None:
    """The province that lost it is compiled anew; what the others had is remembered."""
    output = tmp_path / "rendered"
    lane = component("lane", replicas="every-node", nodes={"labels": {"zone": "north"}})
    assert run(tmp_path / "spec", fleet(lane), output=output).verdict is RunVerdict.FINE
    (tmp_path / "spec" / "stations.csv").write_text(STATIONS.replace(",north", ",nord"))
    again = driver.run(driver.RunRequest(tmp_path / "spec", output, jobs=1))
    assert [hint for _, hint in said(again)] == [f'did you mean "zone=nord"? Otherwise {OTHERWISE}']
