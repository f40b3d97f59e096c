"""The example's provinces on a real control plane: applied strictly, scheduled where it was said, kept through the loss of
a node and a step of a release.

Tests of a province build on each other, in this order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from fleets import EXAMPLE
from objects import Object
from plane import apply, expected
from plane.api import Api
from plane.binaries import KUBE
from plane.kubelet import is_ready
from plane.needs import needs
from plane.observe import Watch, label, pending, pods, settled, until
from plane.province import Province, Spec, running
from plane.rollouts import WORKLOADS, least, owner, restarts, stations_of, templates

pytestmark = [*needs(KUBE), pytest.mark.quick]
Verified = Callable[..., None]


@pytest.fixture(scope="module", params=["hunan", "guangdong", "qinghai"])
def province(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, address: Callable[[], str]
) -> Iterator[Province]:
    own = tmp_path_factory.mktemp(request.param)
    spec = Spec(EXAMPLE.parent).copy(own / "repository")
    (own / "plane").mkdir()
    with running(request.param, spec, own / "plane", address()) as province:
        yield province
        assert not province.kubelet.faults, province.kubelet.faults


def test_every_unit_is_taken_as_it_is(province: Province, verified: Verified) -> None:
    """In the order of the sync objects, by the tree's own identity: all objects, no rejection, no warning."""
    found = [*province.applied, *province.apply()]
    assert [a for a in found if a.said or a.applied != a.objects] == []
    stated = apply.stated(province.tree)
    assert sum(a.objects for a in found) == stated
    verified(
        f"units of {province.name} apply in the order of their sync objects",
        "API server, strict, server-side, as the delivery identity",
        f"{stated} objects in {len(found)} units",
    )


def test_every_pod_is_where_it_was_said(province: Province, verified: Verified) -> None:
    """As many pods of each component at each station as `query` says, on nodes of its architectures; and no others."""
    settled(province.cluster.client())
    api = province.cluster.client()
    found = api.all("pods")
    assert pending(found) == []
    rows = province.spec.query(f"select * from components where province = '{province.name}'")
    assert expected.disagreements(rows, found, api.all("nodes")) == []
    verified(
        f"`query components` of {province.name}", "kube-scheduler", f"{len(rows)} rows, {len(found)} pods"
    )


def test_rules_of_topology_hold(province: Province, verified: Verified) -> None:
    """Together, apart and spread, as the applications say it, on the nodes that the scheduler chose."""
    api = province.cluster.client()
    checked, broken = expected.broken_rules(province.spec.applications(), api.all("pods"), api.all("nodes"))
    assert checked and broken == []
    verified(f"topology rules of {province.name}", "kube-scheduler", f"{checked} rules at stations")


def test_no_node_is_overcommitted(province: Province) -> None:
    """Requests within allocatable, and one pod per port of a node: what the scheduler took is what was proven to fit."""
    api = province.cluster.client()
    assert expected.overfull(pods(api), api.all("nodes")) == []


def test_a_second_time_nothing_changes(province: Province, verified: Verified) -> None:
    """Every unit once more, against what the controllers made of it: `kubectl diff` finds nothing."""
    found = {
        unit: apply.differs(province.cluster, province.tree, unit) for unit in apply.units(province.tree)
    }
    assert {unit: text for unit, text in found.items() if text} == {}
    verified(f"units of {province.name} a second time", "`kubectl diff`", f"{len(found)} units")


def test_a_node_that_is_cut_off_keeps_its_pods(province: Province, verified: Verified) -> None:
    """Nothing is evicted, what survives serves from elsewhere; back again, everything is as it was."""
    api = province.cluster.client()
    rows = province.spec.query(
        f"select * from components where province = '{province.name}' and survives > 0 and station is not null"
    )
    lost = _node_of_a_pair(api.all("pods"), rows)
    before = {p["metadata"]["uid"] for p in pods(api)}
    province.kubelet.cut_off(lost)
    until(f"{lost} counts as lost", lambda: not _ready(api.get("nodes", "", lost)), 60)
    until("its pods count as not ready", lambda: _serving_on(api, lost) == 0, 60)
    here = [row for row in rows if row["station"] == label(api.get("nodes", "", lost), "station")]
    served = expected.serving(pods(api))
    assert here and all(served[r["station"], r["application"], r["component"]] >= 1 for r in here)
    province.kubelet.bring_back(lost)
    until("its pods are ready again", lambda: _serving_on(api, lost) > 0, 60)
    settled(api)
    assert {p["metadata"]["uid"] for p in pods(api)} == before
    verified(
        f"nothing of {province.name} is evicted from a lost node", "controller manager", f"{len(before)} pods"
    )


def test_a_node_that_joins_is_served_without_a_commit(province: Province) -> None:
    """With the labels that its twin has: each DaemonSet of its twin comes to it."""
    api = province.cluster.client()
    busiest = Counter(p["spec"]["nodeName"] for p in _daemons(api)).most_common(1)[0][0]
    wanted = _daemons_on(api, busiest)
    twin = api.get("nodes", "", busiest)
    labels = twin["metadata"]["labels"] | {"kubernetes.io/hostname": "late"}
    keep = {k: twin["status"][k] for k in ("capacity", "allocatable", "nodeInfo")}
    province.kubelet.register([{**_NODE, "metadata": {"name": "late", "labels": labels}, "status": keep}])
    until("the late node has what its twin has", lambda: _daemons_on(api, "late") == wanted, 60)


def test_a_step_of_the_release_restarts_what_was_said(province: Province, verified: Verified) -> None:
    """Only workloads whose pods change come anew, at the stations that `diff` names; one half of a pair at a time."""
    api, spec = province.cluster.client(), province.spec
    rows = spec.query(
        f"select * from components where province = '{province.name}' and survives > 0 and station is not null"
    )
    before = templates(province.cluster, province.tree)
    spec.commit()
    spec.milepost("release", "advance")
    spec.milepost("compile", "--quiet")
    after = templates(province.cluster, province.tree)
    with Watch(api) as watch:
        assert [a for a in province.apply() if a.said] == []
        settled(api)
    changed = {name for name, template in after.items() if before.get(name) != template}
    came = [pod for pod in watch.came if owner(pod).startswith(WORKLOADS)]
    assert {owner(pod) for pod in came} == changed
    assert stations_of(api, came) == restarts(spec, province.name)
    broken = [row for row in rows if least(watch, row) < row["instances"] - 1]
    assert broken == []
    verified(
        f"a step of a release restarts what `diff` says in {province.name}, pairs one half at a time",
        "controller manager",
        f"{len(came)} pods, {len(rows)} components that survive",
    )


def _node_of_a_pair(found: list[Object], rows: list[Object]) -> str:
    """The busiest node at a station where something survives."""
    stations = {row["station"] for row in rows}
    at = Counter(p["spec"]["nodeName"] for p in found if label(p, "station") in stations)
    return at.most_common(1)[0][0]


def _ready(node: Object) -> bool:
    return any(c["type"] == "Ready" and c["status"] == "True" for c in node["status"]["conditions"])


def _serving_on(api: Api, node: str) -> int:
    return sum(1 for p in pods(api) if p["spec"].get("nodeName") == node and is_ready(p))


def _daemons_on(api: Api, node: str) -> Counter[str]:
    return Counter(owner(p) for p in _daemons(api) if p["spec"].get("nodeName") == node)


def _daemons(api: Api) -> list[Object]:
    return [p for p in pods(api) if owner(p).startswith("DaemonSet")]


_NODE = {"apiVersion": "v1", "kind": "Node", "spec": {}}
