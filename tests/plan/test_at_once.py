"""Instances that may restart at once: a part of a station goes on serving while the rest changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from objects import one
from small import compile_components, component, document, profile

ON_NODES = [("every-node", "DaemonSet"), ("every-known-node", "Deployment")]
TWO_REPOSITORIES = {"repositories": {"amd64": "registry.example/x", "arm64": "registry.example/a"}}


def rows(count: int) -> str:
    """A station of so many nodes."""
    return "name,station,profile\n" + "".join(f"a{n},a,box\n" for n in range(count))


def limit(body: dict[str, Any]) -> int:
    spec = body["spec"]
    rolling = (spec.get("strategy") or spec.get("updateStrategy"))["rollingUpdate"]
    assert rolling["maxSurge"] == 0
    return int(rolling["maxUnavailable"])


@pytest.mark.parametrize(("replicas", "kind"), ON_NODES)
@pytest.mark.parametrize(
    ("nodes", "said", "most"),
    [(4, "half", 2), (5, "half", 2), (1, "half", 1), (8, "25%", 2), (3, "25%", 1), (9, 3, 3), (2, 3, 2)],
)
def test_a_share_is_rounded_down_and_at_least_one(
    tmp_path: Path, replicas: str, kind: str, nodes: int, said: int | str, most: int
) -> None:
    """At least one, or nothing would ever move."""
    made = compile_components(tmp_path, component(replicas=replicas, atOnce=said), nodes=rows(nodes))
    assert limit(one(made, kind)) == most


@pytest.mark.parametrize(("replicas", "kind"), ON_NODES)
@pytest.mark.parametrize("nodes", range(2, 12))
def test_half_of_the_lanes_stay_open(tmp_path: Path, replicas: str, kind: str, nodes: int) -> None:
    made = compile_components(tmp_path, component(replicas=replicas, atOnce="half"), nodes=rows(nodes))
    assert nodes - limit(one(made, kind)) >= nodes / 2


def test_a_lost_node_counts(tmp_path: Path) -> None:
    """A number and no percentage: of a percentage Kubernetes counts only the nodes that it reaches."""
    made = compile_components(tmp_path, component(replicas="every-node", atOnce="half"), nodes=rows(4))
    assert isinstance(
        one(made, "DaemonSet")["spec"]["updateStrategy"]["rollingUpdate"]["maxUnavailable"], int
    )


def test_the_next_one_waits_until_this_one_serves(tmp_path: Path) -> None:
    made = compile_components(tmp_path, component(replicas="every-node", atOnce=1, start="7s"), nodes=rows(4))
    assert one(made, "DaemonSet")["spec"]["minReadySeconds"] == 7


def test_the_strictest_of_a_pod_counts(tmp_path: Path) -> None:
    made = compile_components(
        tmp_path,
        component("web", replicas="every-node", atOnce="half"),
        component("helper", replicas="every-node", atOnce=1),
        application_fields={"topology": [{"together": ["web", "helper"]}]},
        nodes=rows(8),
    )
    assert limit(one(made, "DaemonSet")) == 1


def test_images_by_architecture_are_refused(tmp_path: Path) -> None:
    """The nodes of each architecture have an object of their own, and none waits for the other."""
    made = compile_components(
        tmp_path,
        component(replicas="every-node", atOnce="half"),
        also=[profile("arm", "arm64")],
        images={"web": document("Image", "web", TWO_REPOSITORIES | {"versions": ["1.0.0"]})},
        nodes="name,station,profile\na1,a,box\na2,a,arm\n",
    )
    assert made.codes == ["MP4016"]


@pytest.mark.parametrize("more", [{"replicas": 2}, {"replicas": "every-node", "survives": 1}])
def test_where_it_says_nothing_it_is_refused(tmp_path: Path, more: dict[str, Any]) -> None:
    made = compile_components(tmp_path, component(atOnce="half", **more), nodes=rows(3))
    assert made.codes == ["MP2024"]
