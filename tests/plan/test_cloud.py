"""The cloud side: what is proved of its pool is held against every order in which pods could be placed."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from compiling import Compilation
from milepost.model.owned_files import units
from milepost.model.province_settings import CloudPool
from milepost.model.resource_request import ResourceRequest
from milepost.plan.capacity.cloud_pool import CloudLoad, short
from milepost.query.tables import components
from objects import one, pod_spec
from small import compile_components, component

Node = tuple[int, ...]
"""Numbers of the loads of the pods on it, sorted."""


def stuck(loads: Sequence[CloudLoad], pool: CloudPool) -> set[int]:
    """Loads of which a pod finds no node at some time, in some order: by trying all."""
    found: set[int] = set()
    seen: set[tuple[Node, ...]] = set()
    waiting = [tuple([()] * pool.nodes)]
    while waiting:
        state = waiting.pop()
        if state in seen:
            continue
        seen.add(state)
        for number, load in enumerate(loads):
            if sum(node.count(number) for node in state) < load.most:
                places = [n for n, node in enumerate(state) if _fits(number, node, loads, pool)]
                if not places:
                    found.add(number)
                for place in places:
                    nodes = list(state)
                    nodes[place] = tuple(sorted((*nodes[place], number)))
                    waiting.append(tuple(sorted(nodes)))
    return found


def _fits(number: int, node: Node, loads: Sequence[CloudLoad], pool: CloudPool) -> bool:
    load, there = loads[number], [loads[other] for other in node]
    if any(o.label in load.avoids or load.label in o.avoids for o in there):
        return False
    for resource in (0, 1):
        used = sum(o.request[resource] for o in there)
        if load.request[resource] and used + load.request[resource] > pool.room[resource]:
            return False
    return True


def test_where_room_is_proved_no_order_leaves_a_pod_without_a_node() -> None:
    """Random pools; the proof may refuse what would work, and never passes what may not."""
    dice = random.Random(7)
    proved = refused = 0
    for _ in range(400):
        pool = CloudPool(dice.randint(1, 4), ResourceRequest(dice.randint(2, 6), dice.randint(2, 6)))
        labels = ["a", "b", "c"][: dice.randint(1, 3)]
        apart = {frozenset(pair) for pair in (("a", "b"), ("b", "c")) if dice.random() < 0.3}
        loads = []
        for label in labels:
            most = dice.randint(1, 2)
            own = {label} if most > 1 and dice.random() < 0.7 else set()
            others = {o for o in labels if frozenset((label, o)) in apart}
            request = ResourceRequest(dice.randint(0, 3), dice.randint(0, 3))
            loads.append(CloudLoad(label, most, request, frozenset(own | others)))
        waiting = stuck(loads, pool)
        for number, load in enumerate(loads):
            if short(load, loads, pool) is None:
                proved += 1
                assert number not in waiting, (pool, loads, load)
            else:
                refused += 1
    assert proved > 100 and refused > 100


def at_province(tmp_path: Path, *components: dict[str, Any], **cloud: Any) -> Compilation:
    fields = {"place": "province"}
    return compile_components(
        tmp_path, *components, application_fields=fields, province_fields={"cloud": cloud}
    )


def reasons(made: Compilation) -> dict[str, str]:
    [compiled] = made.provinces.values()
    return {workload.stem: workload.reason for workload in compiled.plan.cloud.workloads}


def test_without_a_pool_the_reason_says_that_nothing_is_proved(tmp_path: Path) -> None:
    """So does nobody take silence for a proof."""
    without = at_province(tmp_path / "1", component("web"))
    assert "is not proved" in reasons(without)["app-web"]
    pool = {"nodes": 1, "cpu": "4", "memory": "8Gi"}
    assert "room in any order" in reasons(at_province(tmp_path / "2", component("web"), pool=pool))["app-web"]


def test_nothing_of_the_province_lands_at_stations_and_nothing_of_stations_in_the_cloud(
    tmp_path: Path,
) -> None:
    """Neither files nor counts; and no station is one more."""
    made = at_province(tmp_path, component("web", ports=[{"name": "http-web", "port": 80}]))
    assert [path for path in made.files if "/groups/" in path and b"app-web" in made.files[path]] == []
    pod = pod_spec(one(made, "Deployment", "app-web"))
    [term] = pod["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"][
        "nodeSelectorTerms"
    ]
    assert {"key": "node-role.kubernetes.io/edge", "operator": "DoesNotExist"} in term["matchExpressions"]
    assert "tolerations" not in pod and "nodeSelector" not in pod
    assert "cloud" in units(json.loads(made.files["north/milepost.json"]))


def test_digests_stand_in_the_release_alone(tmp_path: Path) -> None:
    """Pins stand in the release alone, as for sections."""
    made = at_province(tmp_path, component("web"))
    assert b"../releases/app-1.0.0" in made.files["north/cloud/kustomization.yaml"]
    assert b"sha256" not in made.files["north/cloud/app.yaml"]
    assert b"sha256" in made.files["north/releases/app-1.0.0/kustomization.yaml"]


def test_a_single_instance_starts_anew_before_the_old_one_goes(tmp_path: Path) -> None:
    """Several each have a node of their own, so one goes first."""
    made = at_province(tmp_path, component("one"), component("two", replicas=2))
    assert one(made, "Deployment", "app-one")["spec"]["strategy"]["rollingUpdate"]["maxSurge"] == 1
    assert one(made, "Deployment", "app-two")["spec"]["strategy"]["rollingUpdate"]["maxSurge"] == 0


def test_queries_show_what_the_province_runs_at_no_station(tmp_path: Path) -> None:
    """Rows without a station, so that sums over stations stay what they were."""
    [compiled] = at_province(tmp_path, component("web", replicas=2)).provinces.values()
    [row] = components.rows(compiled)
    shown = dict(zip((column.name for column in components.COLUMNS), row, strict=True))
    assert (shown["station"], shown["scope"], shown["instances"]) == (None, "province", 2)


def test_secrets_of_the_province_are_needed_in_its_own_namespace(tmp_path: Path) -> None:
    secret = {"name": "certificate", "path": "/tls"}
    [compiled] = at_province(tmp_path, component("web", secrets=[secret])).provinces.values()
    words = [reason.words for need in compiled.plan.requirements.needs for reason in need.reasons]
    assert "certificate: in namespace milepost-cloud, for app/web, as files" in words


def test_components_of_one_pod_have_one_schedule(tmp_path: Path) -> None:
    """A second one would have no effect."""
    parts = [
        component(name, workload="CronJob", cronJob={"schedule": schedule})
        for name, schedule in (("a", "@daily"), ("b", "@hourly"))
    ]
    rules = {"place": "province", "topology": [{"together": ["a", "b"]}]}
    made = compile_components(tmp_path, *parts, application_fields=rules)
    assert made.codes == ["MP4006"] and "different schedules" in made.said
