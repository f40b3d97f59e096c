"""EdgeApplications: one template for all stations of a group, and what can reach its pods."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compiling import Compilation
from objects import Object, one
from small import compile_components, component, document

BY_STATION = document("NodeGroup", "by-station", {"partition": "station"})
PORTS = [{"name": "http-web", "port": 80}]


def compiled(tmp_path: Path, *more: Any, **parts: Any) -> Compilation:
    web = component(edgeApplication=True, **parts)
    return compile_components(tmp_path, web, *more, also=[BY_STATION])


def deployment(made: Compilation) -> Object:
    (template,) = one(made, "EdgeApplication")["spec"]["workloadTemplate"]["manifests"]
    found: Object = template
    return found


def test_its_services_select_the_pods_that_kubeedge_makes(tmp_path: Path) -> None:
    """Copies carry the labels of the template, so a Service cannot ask for a station."""
    made = compiled(tmp_path, ports=PORTS)
    labels = deployment(made)["spec"]["template"]["metadata"]["labels"]
    assert one(made, "Service")["spec"]["selector"].items() <= labels.items()


def test_stations_with_and_without_room_share_one(tmp_path: Path) -> None:
    """Two EdgeApplications of one name would break their unit."""
    made = compile_components(
        tmp_path,
        component(edgeApplication=True),
        also=[BY_STATION],
        stations="name,group,type\na,g4,toll-station\nb,g4,toll-station\n",
        nodes="name,station,profile\na1,a,box\nb1,b,box\nb2,b,box\n",
    )
    assert one(made, "EdgeApplication")["spec"]["workloadScope"] == {
        "targetNodeGroups": [{"name": "a"}, {"name": "b"}]
    }


def test_a_patch_reaches_the_template(tmp_path: Path) -> None:
    """A patch without effect would be a promise broken in silence."""
    made = compiled(tmp_path, patch={"spec": {"revisionHistoryLimit": 7}})
    assert deployment(made)["spec"]["revisionHistoryLimit"] == 7


@pytest.mark.parametrize(
    "parts",
    [
        {"env": {"A": "{{ station.name }}"}},
        {"args": ["{{ values.x }}"]},
        {"files": [{"path": "/a", "content": "x"}]},
    ],
)
def test_what_differs_by_station_is_refused(tmp_path: Path, parts: dict[str, Any]) -> None:
    """There is one template."""
    assert compiled(tmp_path, **parts).codes == ["MP5010"]


def test_every_component_of_the_pod_counts(tmp_path: Path) -> None:
    """Also one that is not the first."""
    helper = component("helper", image="web", edgeApplication=True, env={"A": "{{ station.name }}"})
    made = compile_components(
        tmp_path,
        component(edgeApplication=True),
        helper,
        also=[BY_STATION],
        application_fields={"topology": [{"together": ["web", "helper"]}]},
    )
    assert made.codes == ["MP5010"]
