"""Nodes that are lost while a tree changes, on a real control plane: what can be reached gets what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from fleets import EXAMPLE
from objects import Object
from plane.api import Api
from plane.binaries import KUBE
from plane.needs import needs
from plane.observe import label, pods, settled, until
from plane.province import Province, Spec, running
from plane.rollouts import owner

pytestmark = needs(KUBE)
Verified = Callable[..., None]
SECTION, EVERYWHERE = "qh-g6-maping", "DaemonSet/qh-g6-maping/collector-collector"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, address: Callable[[], str]) -> Iterator[Province]:
    own = tmp_path_factory.mktemp("loss")
    spec = Spec(EXAMPLE.parent).copy(own / "repository")
    (own / "plane").mkdir()
    with running("qinghai", spec, own / "plane", address()) as province:
        province.apply()
        settled(province.cluster.client())
        yield province


def test_nodes_that_are_reached_move_on_while_most_are_not(province: Province, verified: Verified) -> None:
    """More than half of a section's nodes are lost: a DaemonSet of the section still comes anew on all others."""
    api = province.cluster.client()
    here = sorted(n["metadata"]["name"] for n in api.all("nodes") if label(n, "station-group") == SECTION)
    lost, left = here[: len(here) // 2 + 1], here[len(here) // 2 + 1 :]
    assert left
    old = {p["metadata"]["uid"] for p in _of(api, EVERYWHERE)}
    province.kubelet.cut_off(*lost)
    until("they count as lost", lambda: _unready(api) == set(lost), 90)
    _bump(province)
    province.apply()
    until("all others have it", lambda: _renewed(api, old) == set(left), 60)
    province.kubelet.bring_back(*lost)
    until("the lost ones have it once they are back", lambda: _renewed(api, old) == set(here), 90)
    verified(
        "a DaemonSet moves on where most of its nodes are lost",
        "controller manager",
        f"{len(left)} of {len(here)} nodes",
    )


def test_no_pod_makes_room_by_evicting_another(province: Province) -> None:
    """Every pod has the policy of its class, as the API server wrote it into it."""
    api = province.cluster.client()
    mine = [p for p in pods(api) if p["spec"].get("priorityClassName", "").startswith("milepost-")]
    assert mine and {p["spec"]["preemptionPolicy"] for p in mine} == {"Never"}


def _bump(province: Province) -> None:
    """Another text in the collector's pods, everywhere."""
    (file,) = [
        f
        for f in (province.spec.folder / "applications").glob("*.yaml")
        if "name: collector\n" in f.read_text()
    ]
    text = file.read_text()
    assert "replicas: every-node\n" in text
    file.write_text(text.replace("replicas: every-node\n", "replicas: every-node\n      grace: 7s\n", 1))
    province.spec.milepost("compile", "--quiet", "--province", province.name)


def _of(api: Api, workload: str) -> list[Object]:
    return [p for p in pods(api) if owner(p) == workload]


def _renewed(api: Api, old: set[str]) -> set[str]:
    """Nodes with a ready pod that was not there before."""
    fresh = [p for p in _of(api, EVERYWHERE) if p["metadata"]["uid"] not in old]
    ready = [
        p
        for p in fresh
        if any(c["type"] == "Ready" and c["status"] == "True" for c in p["status"].get("conditions", ()))
    ]
    return {p["spec"]["nodeName"] for p in ready}


def _unready(api: Api) -> set[str]:
    nodes = api.all("nodes")
    return {
        n["metadata"]["name"]
        for n in nodes
        if not any(c["type"] == "Ready" and c["status"] == "True" for c in n["status"]["conditions"])
    }
