"""The cost of a tree, held against the tree itself: its files read back, its pods made as controllers make them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from compiling import Compilation
from fleets import compiled, roots
from milepost.cost import CONSTANTS
from milepost.cost.budgets import bounds
from milepost.cost.cost_count import limits_of
from milepost.cost.workload_counts import WorkloadCounts
from milepost.model.cluster_cost import CostFigure
from milepost.pipeline import Compiled, cost_of
from objects import Object, objects
from scheduler import Cluster, Pod
from small import compile_components, component

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job")
FLEETS = roots()


def figures(province: Compiled) -> dict[str, CostFigure]:
    """Those of a whole province, by name."""
    return {f.name: f for f in cost_of(province).figures if not f.name.endswith("OfKind")}


def inventory(province: Compiled) -> dict[str, dict[str, str]]:
    """Every node with its labels, as join lists and kubelets give them."""
    domain = province.plan.fleet.catalog.label_domain
    return {
        node.name: {
            **{key: str(setting.value) for key, setting in node.labels.items()},
            **{f"{domain}/role-{role}": "" for role in node.roles},
            f"{domain}/profile": node.profile.name,
            f"{domain}/station": station.name,
            f"{domain}/station-group": group.name,
            f"{domain}/station-type": station.type,
            "kubernetes.io/hostname": node.name,
            "kubernetes.io/arch": node.profile.architecture,
            "node-role.kubernetes.io/edge": "",
        }
        for group in province.plan.fleet.province.groups
        for station in group.stations
        for node in station.nodes
    }


def tree(made: Compilation, name: str) -> list[Object]:
    """The objects of one province's files."""
    return [b for path, b in objects(made.files) if path.startswith(f"{name}/")]


def pods(bodies: list[Object], nodes: Mapping[str, Mapping[str, str]]) -> list[Pod]:
    """Every pod that the controllers would make."""
    cluster = Cluster(nodes)
    for body in bodies:
        if body["kind"] in WORKLOADS:
            cluster.add(body)
        elif body["kind"] == "CronJob":
            cluster.add({**body, "spec": body["spec"]["jobTemplate"]["spec"]})
        elif body["kind"] == "EdgeApplication":
            _copies(body, cluster)
    return cluster.pods


def _copies(body: Object, cluster: Cluster) -> None:
    """What KubeEdge's controller makes of it: the Deployment once for each target."""
    for _ in body["spec"]["workloadScope"]["targetNodeGroups"]:
        for manifest in body["spec"]["workloadTemplate"]["manifests"]:
            if manifest["kind"] == "Deployment":
                cluster.add(manifest)


def provinces(name: str) -> Iterator[tuple[Compilation, Compiled]]:
    made = compiled(name)
    for province in made.provinces.values():
        yield made, province


@pytest.mark.parametrize("name", FLEETS)
def test_counts_are_those_of_the_tree(name: str) -> None:
    """Pods as controllers make them, Services with the pods that their selectors find."""
    for made, province in provinces(name):
        own, bodies = figures(province), tree(made, province.plan.fleet.province.name)
        nodes = inventory(province)
        made_pods = pods(bodies, nodes)
        kinds = Counter(body["kind"] for body in bodies)
        spaces = Counter(pod.namespace for pod in made_pods)
        assert own["nodes"].amount == len(nodes)
        assert own["pods"].amount == len(made_pods)
        assert own["podsPerNamespace"].amount == max(spaces.values(), default=0)
        assert own["namespaces"].amount == kinds["Namespace"]
        assert own["services"].amount == kinds["Service"]
        assert own["daemonSetChecks"].amount == kinds["DaemonSet"] * len(nodes)
        assert own["servicesPerNamespace"].amount == _most(bodies, "Service")
        assert own["deploymentsPerNamespace"].amount == _most(bodies, "Deployment")
        if not kinds["EdgeApplication"]:  # whose Services find pods by KubeEdge's own labels
            behind = [_behind(service, made_pods) for service in bodies if service["kind"] == "Service"]
            assert own["backendsPerService"].amount == max(behind, default=0)
            assert WorkloadCounts(province.plan, province.lowered.templates).addresses == sum(behind)


def _most(bodies: list[Object], kind: str) -> int:
    return max(Counter(b["metadata"]["namespace"] for b in bodies if b["kind"] == kind).values(), default=0)


def _behind(service: Object, found: list[Pod]) -> int:
    selector = service["spec"]["selector"].items()
    return sum(
        pod.namespace == service["metadata"]["namespace"] and selector <= pod.labels.items() for pod in found
    )


@pytest.mark.parametrize("name", FLEETS)
def test_bytes_are_those_of_the_objects_as_json(name: str) -> None:
    """Of each kind, to the byte, though none of them is filled for it."""
    for made, province in provinces(name):
        sizes: Counter[str] = Counter()
        for body in tree(made, province.plan.fleet.province.name):
            if "name" in body.get("metadata", {}):
                sizes[body["kind"]] += len(
                    json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
                )
        found = {f.where: f.amount for f in cost_of(province).figures if f.name == "bytesOfKind"}
        assert found == dict(sizes)


@pytest.mark.parametrize("name", FLEETS)
def test_no_amount_is_above_its_bound(name: str) -> None:
    """A compile counts only what its bound lets come near a limit."""
    for _, province in provinces(name):
        own = figures(province)
        for limit, bound in bounds(WorkloadCounts(province.plan, province.lowered.templates)):
            assert own[limit].amount <= bound, limit
        assert set(limits_of(province.plan)) <= set(own)


def test_a_unit_is_built_for_each_object_of_the_agent() -> None:
    """As many builds as Kustomizations or Applications, and their objects compared."""
    for made, province in provinces("example"):
        bodies = tree(made, province.plan.fleet.province.name)
        synced = [b for b in bodies if b["kind"] in ("Kustomization", "Application") and "spec" in b]
        own = figures(province)
        assert own["builds"].amount == len(synced)
        in_sync = sum(
            path.startswith(f"{province.plan.fleet.province.name}/sync/") for path, _ in objects(made.files)
        )
        assert own["dryRuns"].amount == own["objects"].amount - in_sync


def limited(tmp_path: Path, limits: dict[str, Any], *more: dict[str, Any]) -> Compilation:
    """One station of two nodes, with Policies that set limits."""
    policies = [
        {
            "apiVersion": "milepost.dev/v1alpha1",
            "kind": "Policy",
            "metadata": {"name": f"limits-{number}"},
            "spec": {"clusterLimits": own},
        }
        for number, own in enumerate((limits, *more))
    ]
    web = component(ports=[{"name": "http-web", "port": 80}], replicas=2)
    log = component("log", image="web", replicas="every-node")
    return compile_components(tmp_path, web, log, also=policies)


LIMITS = {
    "nodes": 2,
    "pods": 4,
    "namespaces": 1,
    "services": 1,
    "podsPerNamespace": 4,
    "servicesPerNamespace": 1,
    "deploymentsPerNamespace": 1,
    "backendsPerService": 2,
    "daemonSetChecks": 2,
}
"""What that fleet has."""


@pytest.mark.parametrize(("limit", "amount"), LIMITS.items())
def test_a_limit_is_warned_of_and_refused(tmp_path: Path, limit: str, amount: int) -> None:
    """At the amount itself it is full, one below it is passed, and above ten thirds of it nothing is said."""
    full = limited(tmp_path / "full", {limit: amount})
    assert full.codes == ["MP5041"]
    assert not full.errors
    if amount > 1:
        assert limited(tmp_path / "over", {limit: amount - 1}).codes == ["MP5040"]
    assert limited(tmp_path / "far", {limit: amount * 4}).codes == []


def test_bytes_in_etcd_have_a_limit(tmp_path: Path) -> None:
    """Written as a quantity."""
    assert limited(tmp_path, {"etcdBytes": "2Ki"}).codes == ["MP5040"]


def test_the_lowest_of_several_policies_holds(tmp_path: Path) -> None:
    """And the message leads to it."""
    made = limited(tmp_path, {"nodes": 50}, {"nodes": 1}, {"pods": 50})
    (error,) = made.errors
    assert error.code.id == "MP5040"
    assert [r.message for r in error.related] == ["the limit"]


def test_every_constant_says_where_it_is_from() -> None:
    """And none was forgotten."""
    assert all(constant.value > 0 and constant.source for constant in CONSTANTS)
