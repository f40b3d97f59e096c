"""Budgets of station groups hold all their pods, those of rollouts included; and no pod is turned away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compiling import Compilation
from small import Document, compile_components, component, digest

STATIONS = "name,group,type\na,g4,toll-station\nb,g4,toll-station\n"
NODES = "name,station,profile\na1,a,box\na2,a,box\nb1,b,box\nb2,b,box\n"


def within(tmp_path: Path, budgets: dict[str, Any], *components: Document) -> Compilation:
    """Two stations of two nodes each."""
    return compile_components(
        tmp_path, *components, fleet_fields={"budgets": budgets}, stations=STATIONS, nodes=NODES
    )


def asking(name: str = "web", **more: Any) -> Document:
    return component(name, image="web", resources={"requests": {"cpu": "250m", "memory": "64Mi"}}, **more)


@pytest.mark.parametrize(
    ("budgets", "codes"),
    [
        ({"pods": 4, "cpu": "1", "memory": "256Mi"}, []),
        ({"pods": 3}, ["MP4052"]),
        ({"cpu": "999m"}, ["MP4052"]),
        ({"memory": "255Mi"}, ["MP4052"]),
    ],
)
def test_every_pod_of_the_group_counts(tmp_path: Path, budgets: dict[str, Any], codes: list[str]) -> None:
    """One on each of four nodes, in one namespace."""
    assert within(tmp_path, budgets, asking(replicas="every-node")).codes == codes


@pytest.mark.parametrize(("pods", "codes"), [(4, []), (3, ["MP4052"])])
def test_a_rollout_that_surges_needs_one_more(tmp_path: Path, pods: int, codes: list[str]) -> None:
    """At each station: all of a group move at once."""
    made = within(tmp_path, {"pods": pods}, asking())
    assert made.codes == codes
    if not codes:
        assert any(b"maxSurge: 1" in data for data in made.files.values())


def test_the_message_says_how_much_it_takes(tmp_path: Path) -> None:
    """And who takes most of it."""
    made = within(tmp_path, {"cpu": "1"}, asking(replicas="every-node"), asking("log"))
    (error,) = made.errors
    assert error.message == ('station group "g4" may have requests of 2 cores, and its budget is 1')
    assert error.hint == "raise budgets.cpu to 2 or more, or split the station group"
    assert [r.message for r in error.related] == [
        "the station group",
        '"web" of "app" takes requests of 1 cores of it',
    ]


def test_what_states_nothing_is_turned_away(tmp_path: Path) -> None:
    """Once for each resource that there is a quota of; a limit is enough."""
    said = within(tmp_path, {"cpu": "4", "memory": "4Gi"}, component()).errors
    assert [e.code.id for e in said] == ["MP4053", "MP4053"]
    limited = component(resources={"limits": {"cpu": "1", "memory": "1Gi"}})
    assert within(tmp_path / "limits", {"cpu": "9", "memory": "9Gi"}, limited).codes == []
    assert within(tmp_path / "pods", {"pods": 9}, component()).codes == []


def test_a_container_of_a_patch_is_turned_away_too(tmp_path: Path) -> None:
    """Kubernetes looks at each container."""
    image = f"registry.example/web@{digest('registry.example/web:1.0.0')}"
    patch = {"spec": {"template": {"spec": {"containers": [{"name": "side", "image": image}]}}}}
    made = within(tmp_path, {"cpu": "4"}, asking(patch=patch))
    (error,) = made.errors
    assert 'container "side" of "app" states no CPU' in error.message
