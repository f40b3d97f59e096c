"""Which components share a node, and which never do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compiling import Compilation
from objects import Object, one, pod_spec
from small import compile_components, component, document

SERVERS = {"roles": ["server"]}
LANES = {"roles": ["lane"]}
MIXED = "name,station,profile,roles\na1,a,box,lane\na2,a,box,lane\na3,a,box,server\n"


def compiled(tmp_path: Path, *rules: Any, nodes: str = MIXED, **components: dict[str, Any]) -> Compilation:
    """Components by name, with what is special about each, under these topology rules."""
    named = [component(name, image="web", **parts) for name, parts in components.items()]
    return compile_components(tmp_path, *named, nodes=nodes, application_fields={"topology": rules})


def bond(made: Compilation, name: str) -> tuple[str | None, str | None]:
    """The bond that a component's pods carry, and the one that they seek."""
    body = one(made, "Deployment", f"app-{name}-a")
    terms = (
        pod_spec(body)["affinity"]
        .get("podAffinity", {})
        .get("requiredDuringSchedulingIgnoredDuringExecution")
    )
    sought = terms[0]["labelSelector"]["matchLabels"].get("milepost.dev/bond") if terms else None
    return body["spec"]["template"]["metadata"]["labels"].get("milepost.dev/bond"), sought


def apart(body: Object) -> list[str]:
    """The workloads that the pods of ``body`` never share a node with."""
    terms = (
        pod_spec(body)["affinity"]
        .get("podAntiAffinity", {})
        .get("requiredDuringSchedulingIgnoredDuringExecution")
    )
    return [v for t in terms or () for e in t["labelSelector"]["matchExpressions"] for v in e["values"]]


def test_rules_that_share_a_component_are_one_company(tmp_path: Path) -> None:
    """a with b and b with c is all three on one node, in whatever order the rules stand."""
    rules = ({"together": ["a", "b"], "as": "affinity"}, {"together": ["b", "c"], "as": "affinity"})
    made = compiled(tmp_path / "1", *rules, a={}, b={}, c={})
    assert {bond(made, name) for name in "abc"} == {("app-a", "app-a")}
    reverse = compiled(tmp_path / "2", *reversed(rules), a={}, b={}, c={})
    assert len({bond(reverse, name) for name in "abc"}) == 1


def test_two_followers_are_bound_to_each_other(tmp_path: Path) -> None:
    """Otherwise each would follow the component on every node to another node."""
    made = compiled(
        tmp_path,
        {"together": ["lane", "printer", "spooler"], "as": "affinity"},
        lane={"replicas": "every-node", "nodes": LANES},
        printer={},
        spooler={},
    )
    assert {bond(made, "printer"), bond(made, "spooler")} == {("app-printer", "app-printer")}
    selector = pod_spec(one(made, "Deployment", "app-printer-a"))["nodeSelector"]
    assert "milepost.dev/role-lane" in selector, "their nodes are those of the lanes"


def test_two_followers_of_several_instances_are_refused(tmp_path: Path) -> None:
    """No rule of Kubernetes keeps pairs together through a rolling update."""
    made = compiled(
        tmp_path,
        {"together": ["lane", "printer", "spooler"], "as": "affinity"},
        lane={"replicas": "every-node", "nodes": LANES},
        printer={"replicas": 2},
        spooler={"replicas": 2},
    )
    assert made.codes == ["MP4007"]


def test_what_is_bound_to_a_component_keeps_apart_with_it(tmp_path: Path) -> None:
    """b is bound to a; if b could start beside c, a could never follow it there."""
    rules = ({"together": ["a", "b"], "as": "affinity"}, {"apart": ["a", "c"]})
    made = compiled(tmp_path, *rules, a={}, b={}, c={})
    assert apart(one(made, "Deployment", "app-b-a")) == ["app-c"]
    assert apart(one(made, "Deployment", "app-c-a")) == ["app-a", "app-b"]


@pytest.mark.parametrize("form", ["pod", "affinity"])
@pytest.mark.parametrize("key", ["apart", "spread"])
def test_together_and_apart_clash(tmp_path: Path, form: str, key: str) -> None:
    """Both rules are shown."""
    made = compiled(tmp_path, {"together": ["a", "b"], "as": form}, {key: ["b", "a"]}, a={}, b={})
    assert made.codes == ["MP4003"]
    assert [r.message for r in made.errors[0].related] == ["together by this rule"]


def test_a_follower_cannot_be_apart_from_what_it_follows(tmp_path: Path) -> None:
    """It would have no node left."""
    rules = ({"together": ["lane", "printer"], "as": "affinity"}, {"apart": ["lane", "printer"]})
    made = compiled(tmp_path, *rules, lane={"replicas": "every-node"}, printer={})
    assert made.codes == ["MP4003"]


def test_containers_of_one_pod_need_ports_and_volumes_of_their_own(tmp_path: Path) -> None:
    """The pod has one network and one list of volumes, where names are component-volume."""
    scratch = {"path": "/x", "scratch": "1Mi"}
    made = compiled(
        tmp_path,
        {"together": ["a", "a-b"]},
        a={"ports": [{"name": "http-a", "port": 80}], "volumes": [{"name": "b-c", **scratch}]},
        **{"a-b": {"ports": [{"name": "http-b", "port": 80}], "volumes": [{"name": "c", **scratch}]}},
    )
    assert made.codes == ["MP4006", "MP4006"]
    assert "volume a-b-c" in made.said and "port 80" in made.said


def test_one_port_for_each_protocol_is_no_clash(tmp_path: Path) -> None:
    """TCP and UDP are told apart by the kernel, too."""
    made = compiled(
        tmp_path,
        {"together": ["a", "b"]},
        a={"ports": [{"name": "tcp-dns", "port": 53}]},
        b={"ports": [{"name": "udp-dns", "port": 53, "protocol": "UDP"}]},
    )
    assert made.codes == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"roles": ["server"], "labels": {"t": "x"}}, {"labels": {"t": "y"}}),
        ({"profiles": ["box"]}, {"profiles": ["other"]}),
        ({"architectures": ["amd64"]}, {"architectures": ["arm64"]}),
        ({"stationTypes": ["gantry"]}, {"stationTypes": ["toll-station"]}),
    ],
)
@pytest.mark.parametrize("replicas", [1, "every-node"])
def test_selectors_that_contradict_each_other_are_refused(
    tmp_path: Path, first: dict[str, Any], second: dict[str, Any], replicas: Any
) -> None:
    """A DaemonSet of such a component would run where one of the two selectors says no."""
    other = document("HardwareProfile", "other", {"vendor": "A", "model": "B", "architecture": "arm64"})
    other["spec"] |= {"cpu": "4", "memory": "4Gi", "disk": "64Gi"}
    made = compile_components(
        tmp_path,
        component(nodes={**first, "group": "narrow"}, replicas=replicas),
        also=[document("NodeGroup", "narrow", {"match": second}), other],
        platforms=("amd64", "arm64"),
    )
    assert made.codes == ["MP4008"]
