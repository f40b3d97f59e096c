"""What runs on every known node: counted instances, one for each matching node of the inventory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from objects import objects, one, pod_spec
from small import compile_components, component, document, profile

KNOWN: dict[str, Any] = {"replicas": "every-known-node"}
ARM = profile("arm", "arm64")
BOTH = "name,station,profile\na1,a,box\na2,a,box\na3,a,arm\n"
TWO_REPOSITORIES = {"repositories": {"amd64": "registry.example/x", "arm64": "registry.example/a"}}


def rows(count: int) -> str:
    """A station of so many nodes."""
    return "name,station,profile\n" + "".join(f"a{n},a,box\n" for n in range(count))


@pytest.mark.parametrize("count", [1, 2, 60])
def test_each_node_of_the_inventory_has_an_instance(tmp_path: Path, count: int) -> None:
    """Also more than a number of replicas may say."""
    made = compile_components(tmp_path, component(**KNOWN), nodes=rows(count))
    assert one(made, "Deployment")["spec"]["replicas"] == count


def test_a_second_node_does_not_touch_the_pods_of_the_first(tmp_path: Path) -> None:
    """Another row changes the number of instances and nothing that would restart one."""
    few, more = (
        one(compile_components(tmp_path / str(n), component(**KNOWN), nodes=rows(n)), "Deployment")["spec"]
        for n in (1, 2)
    )
    assert few | {"replicas": 2} == more


def test_a_station_without_a_node_for_it_has_no_object(tmp_path: Path) -> None:
    """A Deployment of nothing would only be in the way."""
    made = compile_components(
        tmp_path,
        component(**KNOWN, nodes={"roles": ["server"]}),
        stations="name,group,type\na,g4,toll-station\nb,g4,toll-station\n",
        nodes="name,station,profile,roles\na1,a,box,server\nb1,b,box,lane\n",
    )
    assert one(made, "Deployment")["metadata"]["name"] == "app-web-a"


def test_a_node_behind_a_cut_line_holds_up_nobody(tmp_path: Path) -> None:
    """All may restart at once, as those of a DaemonSet may."""
    made = compile_components(tmp_path, component(**KNOWN), nodes=rows(5))
    limits = one(made, "Deployment")["spec"]["strategy"]["rollingUpdate"]
    assert limits["maxUnavailable"] >= 5
    assert limits["maxSurge"] == 0


def test_the_halves_of_a_counted_pair_never_restart_together(tmp_path: Path) -> None:
    """With `survives` one goes at a time."""
    made = compile_components(tmp_path, component(**KNOWN, survives=1))
    limits = one(made, "Deployment")["spec"]["strategy"]["rollingUpdate"]
    assert limits == {"maxSurge": 0, "maxUnavailable": 1}


def test_a_pair_of_one_node_survives_nothing(tmp_path: Path) -> None:
    """The contract is held against the nodes that are there."""
    made = compile_components(tmp_path, component(**KNOWN, survives=1), nodes=rows(1))
    assert made.codes == ["MP4005"]


def test_a_repository_for_each_architecture_makes_a_deployment_for_each(tmp_path: Path) -> None:
    """With the nodes of that architecture counted."""
    made = compile_components(
        tmp_path,
        component(**KNOWN),
        also=[ARM],
        nodes=BOTH,
        images={"web": document("Image", "web", TWO_REPOSITORIES | {"versions": ["1.0.0"]})},
    )
    assert made.codes == []
    found = {
        body["metadata"]["name"]: body["spec"]["replicas"]
        for _, body in objects(made.files)
        if body["kind"] == "Deployment"
    }
    assert found == {"app-web-amd64-a": 2, "app-web-arm64-a": 1}


def test_one_follows_what_runs_on_every_known_node(tmp_path: Path) -> None:
    """As with a DaemonSet, one instance may be led to a node that has one of the others."""
    made = compile_components(
        tmp_path,
        component("lane", image="web", **KNOWN),
        component("printer", image="web"),
        application_fields={"topology": [{"together": ["lane", "printer"], "as": "affinity"}]},
    )
    assert made.codes == []


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"workload": "StatefulSet"}, "MP2024"),
        ({"workload": "DaemonSet"}, "MP2024"),
        ({"workload": "Job"}, "MP2024"),
        ({"edgeApplication": True}, "MP2024"),
    ],
)
def test_only_a_deployment_runs_on_every_known_node(tmp_path: Path, parts: dict[str, Any], code: str) -> None:
    """Everything else counts otherwise."""
    assert compile_components(tmp_path, component(**KNOWN, **parts)).codes == [code]


def test_pods_keep_off_each_others_nodes(tmp_path: Path) -> None:
    """Otherwise two could start on one node and none on the other."""
    made = compile_components(tmp_path, component(**KNOWN))
    (term,) = pod_spec(one(made, "Deployment"))["affinity"]["podAntiAffinity"][
        "requiredDuringSchedulingIgnoredDuringExecution"
    ]
    assert term["topologyKey"] == "kubernetes.io/hostname"
