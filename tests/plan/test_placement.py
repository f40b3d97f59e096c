"""Whether every station can hold what it is given, in the worst order that the scheduler may choose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compiling import Compilation
from objects import objects, one, pod_spec
from small import compile_components, component, document, profile

ARM = profile("arm", "arm64")
BOTH = "name,station,profile\na1,a,box\na2,a,arm\n"


@pytest.mark.parametrize("nodes", [{}, {"architectures": ["amd64", "arm64"]}])
def test_a_node_without_an_image_is_never_left_out_in_silence(tmp_path: Path, nodes: dict[str, Any]) -> None:
    """Neither where nothing is said of architectures, nor where this one is asked for."""
    made = compile_components(tmp_path, component(replicas="every-node", nodes=nodes), also=[ARM], nodes=BOTH)
    (error,) = made.errors
    assert error.code.id == "MP4009"
    assert error.message == '"web" cannot be placed at station a: image "web" has no build for arm64'
    assert [(r.message, str(r.span)) for r in error.related] == [("node a2", "nodes.csv:3:1")]


def test_leaving_an_architecture_out_is_a_choice(tmp_path: Path) -> None:
    """Then the node is not meant."""
    chosen = component(replicas="every-node", nodes={"architectures": ["amd64"]})
    assert compile_components(tmp_path, chosen, also=[ARM], nodes=BOTH).codes == []


def test_one_cause_at_many_stations_is_one_message(tmp_path: Path) -> None:
    """It names the first stations and counts the others, whatever else tells them apart."""
    stations = "".join(f"s{i},g4,toll-station\n" for i in range(9))
    nodes = "".join(f"s{i}-{n},s{i},arm\n" for i in range(9) for n in range(1 + i % 3))
    made = compile_components(
        tmp_path,
        component(replicas="every-node"),
        also=[ARM],
        stations=f"name,group,type\n{stations}",
        nodes=f"name,station,profile\n{nodes}",
    )
    (error,) = made.errors
    assert "station s0 and 8 more stations" in error.message
    assert [r.message for r in error.related] == ["node s0-0", "node s1-0", "node s2-0"]


def test_a_station_is_placed_by_the_labels_that_its_nodes_have(tmp_path: Path) -> None:
    """The scheduler sees nodes, not stations: a node that says otherwise would get nothing, or too much."""
    made = compile_components(
        tmp_path,
        component(replicas="every-node"),
        application_fields={"stations": {"labels": {"terrain": "flat"}}},
        stations="name,group,type,label:terrain\na,g4,toll-station,flat\n",
        nodes="name,station,profile,label:terrain\na1,a,box,\na2,a,box,hills\n",
    )
    (error,) = made.errors
    assert error.code.id == "MP4015"
    assert str(error.span) == "nodes.csv:3:10"


def test_a_node_of_another_station_cannot_draw_an_application_to_itself(tmp_path: Path) -> None:
    """A label of a node makes no station of the others' kind."""
    made = compile_components(
        tmp_path,
        component(replicas="every-node"),
        application_fields={"stations": {"labels": {"terrain": "flat"}}},
        nodes="name,station,profile,label:terrain\na1,a,box,\na2,a,box,flat\n",
    )
    assert made.codes == ["MP4015"]


def test_labels_that_no_station_selector_names_may_differ_from_node_to_node(tmp_path: Path) -> None:
    """That is what labels of nodes are for."""
    made = compile_components(
        tmp_path,
        component(nodes={"labels": {"side": "left"}}),
        nodes="name,station,profile,label:side\na1,a,box,left\na2,a,box,right\n",
    )
    assert pod_spec(one(made, "Deployment"))["nodeSelector"]["side"] == "left"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"replicas": 3}, "MP4001"),
        ({"workload": "StatefulSet"}, "MP4002"),
        ({"survives": 1}, "MP4005"),
        ({"replicas": 2, "survives": 2}, "MP4005"),
        ({"replicas": "every-node", "survives": 2}, "MP4005"),
    ],
)
def test_what_cannot_hold_is_refused(tmp_path: Path, parts: dict[str, Any], code: str) -> None:
    """At a station of two nodes."""
    assert compile_components(tmp_path, component(**parts)).codes == [code]


@pytest.mark.parametrize(
    "parts",
    [
        {"replicas": 2},
        {"workload": "StatefulSet", "replicas": 2},
        {"replicas": 2, "survives": 1},
        {"replicas": "every-node", "survives": 1},
    ],
)
def test_what_holds_is_placed(tmp_path: Path, parts: dict[str, Any]) -> None:
    """At a station of two nodes."""
    assert compile_components(tmp_path, component(**parts)).codes == []


@pytest.mark.parametrize(("nodes", "codes"), [(2, []), (1, ["MP4004"])])
def test_components_apart_need_nodes_for_both(tmp_path: Path, nodes: int, codes: list[str]) -> None:
    """With one node, whichever comes first keeps the other waiting for ever."""
    made = compile_components(
        tmp_path,
        component("a", image="web"),
        component("b", image="web"),
        application_fields={"topology": [{"apart": ["a", "b"]}]},
        nodes="name,station,profile\n" + "".join(f"a{n},a,box\n" for n in range(nodes)),
    )
    assert made.codes == codes


def daemon_sets(made: Compilation) -> dict[str, Any]:
    """Their spec by name."""
    return {b["metadata"]["name"]: b["spec"] for _, b in objects(made.files) if b["kind"] == "DaemonSet"}


def test_the_halves_of_a_pair_never_restart_together(tmp_path: Path) -> None:
    """A DaemonSet for a section could hold back only all of its stations, so each has one of its own."""
    made = compile_components(tmp_path, component(replicas="every-node", survives=1))
    ((name, spec),) = daemon_sets(made).items()
    assert name == "app-web-a"
    assert spec["updateStrategy"]["rollingUpdate"] == {"maxSurge": 0, "maxUnavailable": 1}


def test_without_a_probe_the_next_waits_until_a_program_has_started(tmp_path: Path) -> None:
    """Kubernetes takes a container without a readiness probe for ready as soon as it is there."""
    blind = component("blind", image="web", replicas="every-node", survives=1, start="20s")
    probes = {"readiness": {"tcp": 80}}
    probed = component("probed", image="web", replicas="every-node", survives=1, start="20s", probes=probes)
    found = daemon_sets(compile_components(tmp_path, blind, probed))
    assert found["app-blind-a"]["minReadySeconds"] == 20
    assert "minReadySeconds" not in found["app-probed-a"]


def test_instances_with_objects_of_their_own_are_refused(tmp_path: Path) -> None:
    """Nobody holds the one back while the other restarts."""
    pair = component(workload="StatefulSet", replicas=2, survives=1)
    assert compile_components(tmp_path / "data", pair).codes == ["MP4016"]
    split = {"repositories": {"amd64": "registry.example/x", "arm64": "registry.example/a"}}
    made = compile_components(
        tmp_path / "split",
        component(replicas="every-node", survives=1),
        also=[ARM],
        nodes=BOTH,
        images={"web": document("Image", "web", split | {"versions": ["1.0.0"]})},
    )
    assert made.codes == ["MP4016"]
