"""Failover patterns as rendered: who has an address for every loss and sickness, what holds, what restarts together."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from failover.rendered import compiled, configurations, daemon, gateway
from milepost.plan.capacity.pod_requests import room
from objects import objects

STANDBY: dict[str, Any] = {"standby": ["gateway"], "address": "cameras"}


def mutual(*names: str) -> dict[str, Any]:
    return {"mutual": ["gateway"], "addresses": {"gateway": list(names)}}


def numbers(text: str, address: str) -> tuple[int, int]:
    """Priority of a node for an address, and what it loses when its component is sick."""
    script, instance = (
        re.search(rf"^{block} {address} {{\n(.*?)^}}", text, re.DOTALL | re.MULTILINE)
        for block in ("track_file", "vrrp_instance")
    )
    assert script is not None and instance is not None
    priority, weight = re.search(r"priority (\d+)", instance[1]), re.search(r"weight -(\d+)", script[1])
    assert priority is not None and weight is not None
    return int(priority[1]), int(weight[1])


@pytest.mark.parametrize("nodes", [2, 3, 4])
def test_for_every_loss_the_first_well_node_has_each_address(tmp_path: Path, nodes: int) -> None:
    """All combinations of lost, sick and well nodes, as VRRP elects: the highest priority that is there, sick ones lowered."""
    names = [f"v{i}" for i in range(nodes)]
    made = compiled(tmp_path, [mutual(*names)], nodes=nodes, addresses=names)
    assert made.said == ""
    texts = dict(configurations(made.files))
    for turn, name in enumerate(names):
        order = [f"n{(turn + i) % nodes}" for i in range(nodes)]
        known = {node: numbers(texts[node], name) for node in order}
        for states in product(("lost", "sick", "well"), repeat=nodes):
            now = dict(zip(order, states, strict=True))
            there = {
                n: known[n][0] - (known[n][1] if s == "sick" else 0) for n, s in now.items() if s != "lost"
            }
            if not there:
                continue
            assert len(set(there.values())) == len(there) or "sick" in states, "two nodes of one priority"
            highest = max(there.values())
            (holder,) = [node for node, priority in there.items() if priority == highest]
            wanted = [n for n in order if now[n] == "well"] or [n for n in order if now[n] == "sick"]
            assert holder == wanted[0]


def test_the_preferred_node_is_first(tmp_path: Path) -> None:
    """By a label here; without one by the slots of nodes, then by their names."""
    head = "name,station,profile,roles,address,slot,label:main\n"
    rows = "n0,a,box,server,10.99.1.11,b,\nn1,a,box,server,10.99.1.12,a,yes\n"
    for rule, first in (
        (STANDBY, "n1"),
        (STANDBY | {"prefer": {"labels": {"main": "yes"}}}, "n1"),
    ):
        made = compiled(tmp_path / first / str(len(rule)), [rule], nodes=0)
        made = compiled(tmp_path / f"{len(rule)}", [rule], nodes=2)
        assert made.said == "" or rule is not STANDBY
    made = compiled(tmp_path / "slots", [STANDBY], nodes=2)
    assert head and rows
    led = made.provinces["north"].plan.failovers.led["a"]
    assert led[0].order == (0, 1)


@pytest.mark.parametrize("replicas", ["every-node", "every-known-node", 2])
@pytest.mark.parametrize(
    "rule", [STANDBY, {"active": {"components": ["gateway"], "min": 1}, "address": "cameras"}]
)
def test_a_release_never_takes_both_halves_at_once(
    tmp_path: Path, replicas: object, rule: dict[str, Any]
) -> None:
    """Whatever makes the pods, one may be away while its version changes; `survives` need not be said for that."""
    made = compiled(tmp_path, [rule], component=gateway() | {"replicas": replicas})
    assert made.said == ""
    (workload,) = [
        o
        for _, o in objects(made.files)
        if o["kind"] in ("Deployment", "DaemonSet") and o["metadata"]["name"].startswith("app-gateway")
    ]
    strategy = workload["spec"].get("strategy") or workload["spec"]["updateStrategy"]
    assert strategy["rollingUpdate"]["maxUnavailable"] == 1
    assert workload["metadata"]["name"] == "app-gateway-a"


def test_the_pod_may_do_what_keepalived_needs_and_no_more(tmp_path: Path) -> None:
    pod, _ = daemon(compiled(tmp_path, [STANDBY]))
    (container,) = pod["containers"]
    security = container["securityContext"]
    assert security["capabilities"] == {"drop": ["ALL"], "add": ["NET_ADMIN", "NET_RAW", "NET_BROADCAST"]}
    assert security["readOnlyRootFilesystem"] and not security["allowPrivilegeEscalation"]
    assert pod["hostNetwork"] and "serviceAccountName" not in pod
    assert "password" not in repr(pod).lower()


def test_a_password_is_a_reference_and_selects_vrrp_2(tmp_path: Path) -> None:
    """Its text is put in on the node; advertisements come at whole seconds then."""
    failover = {"image": "keepalived", "version": "1.0.0", "secret": "vrrp"}
    made = compiled(tmp_path, [STANDBY | {"takeover": "8s"}], failover=failover)
    pod, files = daemon(made)
    reference = {"secretKeyRef": {"name": "vrrp", "key": "password"}}
    assert {"name": "AUTH_PASSWORD", "valueFrom": reference} in pod["containers"][0]["env"]
    assert "vrrp_version 2" in files["n0.conf"] and "auth_pass @PASSWORD@" in files["n0.conf"]
    assert "advert_int 1\n" in files["n0.conf"]


@pytest.mark.parametrize(("takeover", "advert"), [("5s", "0.25"), ("6s", "0.5"), ("20s", "4"), ("1h", "40")])
def test_advertisements_are_as_slow_as_the_rule_allows(tmp_path: Path, takeover: str, advert: str) -> None:
    """Four of them within the wanted time, also after the checks."""
    made = compiled(tmp_path, [STANDBY | {"takeover": takeover}])
    (led,) = made.provinces["north"].plan.failovers.led["a"]
    assert f"advert_int {advert}\n" in daemon(made)[1]["n0.conf"]
    assert led.pattern.timing.longest <= led.pattern.rule.takeover


def test_an_address_that_moves_bounds_the_interruption(tmp_path: Path) -> None:
    """An instance that is away for half a minute is none of the client's business."""
    slow = gateway(grace="30s", interruption="6s")
    assert compiled(tmp_path / "led", [STANDBY], component=slow).said == ""
    alone = compiled(tmp_path / "alone", [], component=slow, addresses=())
    assert "MP4083" in alone.codes


def test_nodes_have_room_for_two_daemons(tmp_path: Path) -> None:
    """The new one stands beside the old one: what fits without is too much with them, by the byte."""
    (node, *_) = (
        compiled(tmp_path / "room", [STANDBY])
        .provinces["north"]
        .plan.fleet.province.groups[0]
        .stations[0]
        .nodes
    )
    free = room(node.profile).memory - 2 * 16 * 2**20
    for extra, codes in ((0, []), (1, ["MP4050"])):
        asked = {"requests": {"cpu": "10m", "memory": str(free + extra)}}
        made = compiled(tmp_path / str(extra), [STANDBY], component=gateway() | {"resources": asked})
        assert [code for code in made.codes if code.startswith("MP405")] == codes
