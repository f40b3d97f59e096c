"""Names of objects are put together of parts: they fit Kubernetes' limits, and no two are one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from small import application, compile_components, component, image

TWO = "name,group,type\na,g4,toll-station\ncache-a,g4,toll-station\n"
NODES = "name,station,profile\na1,a,box\nc1,cache-a,box\n"


def test_parts_that_make_one_name_at_two_stations_are_refused(tmp_path: Path) -> None:
    """redis at cache-a and redis-cache at a: one of the two would replace the other."""
    made = compile_components(
        tmp_path,
        component("redis", image="web"),
        component("redis-cache", image="web"),
        stations=TWO,
        nodes=NODES,
    )
    assert made.codes == ["MP4041"]
    assert "app-redis-cache-a in g4" in made.said


def test_a_name_of_a_station_and_one_of_the_group_are_told_apart(tmp_path: Path) -> None:
    """web at station a is app-web-a; a component web-a for the whole group would be, too."""
    shared = component("web-a", image="web", replicas="every-node")
    assert compile_components(tmp_path, component(), shared).codes == ["MP4041"]


def test_two_applications_with_one_label_are_refused(tmp_path: Path) -> None:
    """Their pods would be selected by each other's objects."""
    other = application("app-web", [component("x", image="web")])
    made = compile_components(tmp_path, component("web-x", image="web"), also=[other])
    assert made.codes == ["MP4041"]


def test_numbered_instances_and_a_component_of_that_name_are_refused(tmp_path: Path) -> None:
    """Two instances of db are db-0 and db-1."""
    made = compile_components(
        tmp_path,
        component("db", image="web", workload="StatefulSet", replicas=2),
        component("db-0", image="web"),
    )
    assert made.codes == ["MP4041"]


def test_one_component_may_begin_with_the_name_of_another(tmp_path: Path) -> None:
    """Only where stations make up the rest is it a clash."""
    made = compile_components(
        tmp_path,
        component("redis", image="web"),
        component("redis-cache", image="web"),
        stations=TWO.replace("cache-a", "cash-a"),
        nodes=NODES.replace("cache-a", "cash-a"),
    )
    assert made.codes == []


@pytest.mark.parametrize(
    ("parts", "most"),
    [
        ({}, 57),
        ({"workload": "StatefulSet", "replicas": 2}, 44),
        ({"workload": "Job"}, 46),
        ({"replicas": "every-node"}, 59),
        ({"volumes": [{"name": "v" * 20, "path": "/v", "scratch": "1Mi"}]}, 42),
    ],
)
def test_the_longest_name_that_fits(tmp_path: Path, parts: dict[str, Any], most: int) -> None:
    """With application ``app`` and station ``a``; one more character is refused."""
    fits = compile_components(tmp_path / "fits", component("x" * most, image="web", **parts))
    assert fits.codes == []
    refused = compile_components(tmp_path / "refused", component("x" * (most + 1), image="web", **parts))
    assert set(refused.codes) == {"MP4040"}


def test_names_of_every_container_s_service_are_measured(tmp_path: Path) -> None:
    """Also of one that shares another's pod for the whole group."""
    made = compile_components(
        tmp_path,
        component(replicas="every-node"),
        component("x" * 62, image="web", replicas="every-node"),
        application_fields={"topology": [{"together": ["web", "x" * 62]}]},
        also=[image("unused")],
    )
    assert made.codes == ["MP4040"]
