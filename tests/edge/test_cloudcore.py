"""CloudCore's configuration: valid, left alone by CloudCore's own adjustment, and large enough for all nodes of a province."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from compiling import compile_spec
from edge.fleets import ENDPOINTS, configs, edge_fleet
from fleets import root
from milepost.emit.component_faults import component_faults
from milepost.emit.schemas.component_schemas import component_schema
from milepost.plan.edge.cloudcore_size import accepted, cloudcore_size, node_limit

CLOUDCORE = "north/bootstrap/cloudcore/cloudcore.yaml"


def merged(body: dict[str, Any], schema: dict[str, Any]) -> Any:
    """As CloudCore loads a file: decoded over its defaults."""
    if "properties" not in schema:
        return copy.deepcopy(body if body is not None else schema.get("default"))
    return {key: merged((body or {}).get(key), inner) for key, inner in schema["properties"].items()}


def adjusted(config: dict[str, Any]) -> dict[str, Any]:
    """``AdjustCloudCoreConfig`` of KubeEdge 1.23.1, step by step."""
    config = copy.deepcopy(config)
    limit = config["modules"]["cloudHub"]["nodeLimit"]
    rates, edge = config["kubeAPIConfig"], config["modules"]["edgeController"]
    rates["qps"] = 5 * limit if rates["qps"] != 5 * limit else rates["qps"]
    rates["burst"] = 10 * limit if rates["burst"] != 10 * limit else rates["burst"]
    for block, key, least in (
        ("load", "queryNodeWorkers", limit),
        ("load", "patchNodeWorkers", 100 + limit // 50),
        ("load", "createLeaseWorkers", limit),
        ("buffer", "patchNode", 1024 + limit // 2),
        ("buffer", "queryNode", 1024 + limit),
        ("buffer", "createLease", 1024 + limit),
    ):
        edge[block][key] = max(edge[block][key], least)
    return config


@pytest.mark.parametrize("name", ["example", "generated-station", "generated-station-group"])
def test_cloudcore_leaves_its_configuration_alone(name: str) -> None:
    """Its adjustment changes nothing, so its ConfigMap is never written anew; all its checks pass."""
    made = compile_spec(root(name))
    for province, compiled in made.provinces.items():
        body = yaml.safe_load(made.files[f"{province}/bootstrap/cloudcore/cloudcore.yaml"])
        assert not list(component_faults("CloudCore", body))
        whole = merged(body, component_schema("CloudCore"))
        assert adjusted(whole) == whole
        hub = body["modules"]["cloudHub"]
        nodes = sum(len(s.nodes) for g in compiled.plan.fleet.province.groups for s in g.stations)
        assert hub["nodeLimit"] >= nodes
        beats = compiled.plan.fleet.province.cloudcore.reconnect.most  # type: ignore[union-attr]
        assert hub["keepaliveInterval"] > beats


@pytest.mark.parametrize("nodes", [1, 90, 91, 300, 455, 3450, 3645, 3646, 20_000])
def test_the_adjustment_changes_nothing_at_any_size(nodes: int) -> None:
    """By arithmetic alone: every limit is one that CloudCore's integer division leaves alone."""
    limit = node_limit(nodes)
    assert limit % 100 == 0 and nodes * 1.1 <= limit < nodes * 1.1 + 100


def test_every_way_to_cloudcore_is_in_its_certificate(tmp_path: Path) -> None:
    """Addresses in one field and names in the other: a name among the addresses yields an empty entry."""
    made = edge_fleet(tmp_path, cloudcore={"servers": ["10.0.0.21"]})
    hub = yaml.safe_load(made.files[CLOUDCORE])["modules"]["cloudHub"]
    assert hub["advertiseAddress"] == ["10.0.0.10", "10.0.0.14", "198.51.100.1", "10.0.0.21"]
    assert hub["dnsNames"] == ["relay.north.example", "cloudcore.north.example"]


def test_a_node_more_changes_nothing_of_cloudcore(tmp_path: Path) -> None:
    """The limit goes in hundreds."""
    nodes = "name,station,profile,roles\na1,a,box,server\na2,a,box,server\n"
    before = edge_fleet(tmp_path / "before", nodes=nodes).files
    after = edge_fleet(tmp_path / "after", nodes=nodes + "a3,a,box,server\n").files
    changed = {path for path in before if before[path] != after[path] and "/cloudcore/" in path}
    assert not changed


def test_the_published_measure_is_the_size_that_is_computed() -> None:
    """20,000 nodes took 12 CPU and 48 GB; to that comes what an instance takes by itself."""
    size = cloudcore_size(20_000)
    assert size.cpu == 13_000
    assert 48e9 < size.memory < 50e9
    assert accepted(20_000, 2) == 2 * accepted(20_000, 1) == 1300


def test_modules_follow_the_tree(tmp_path: Path) -> None:
    """What nothing of the tree asks for is off, the tunnel and its helper too."""
    quiet = yaml.safe_load(edge_fleet(tmp_path / "quiet").files[CLOUDCORE])["modules"]
    assert not any(
        quiet[name]["enable"]
        for name in ("cloudStream", "dynamicController", "router", "taskManager", "iptablesManager")
    )
    busy_fleet = edge_fleet(
        tmp_path / "busy",
        web={"ports": [{"name": "http-0", "port": 80}]},
        edge={"modules": {"edgeStream": {}}},
    )
    busy = yaml.safe_load(busy_fleet.files[CLOUDCORE])["modules"]
    assert (
        busy["cloudStream"]["enable"]
        and busy["dynamicController"]["enable"]
        and busy["iptablesManager"]["enable"]
    )
    assert not busy["router"]["enable"]


def test_the_configmap_can_be_the_agents(tmp_path: Path) -> None:
    """As an object of the unit ``edge``; then nothing of it stands below ``bootstrap``."""
    made = edge_fleet(tmp_path, cloudcore={"config": "unit"})
    body = yaml.safe_load(made.files["north/edge/cloudcore.yaml"])
    assert (body["kind"], body["metadata"]["namespace"]) == ("ConfigMap", "kubeedge")
    assert not list(component_faults("CloudCore", yaml.safe_load(body["data"]["cloudcore.yaml"])))
    assert CLOUDCORE not in made.files
    assert "north/bootstrap/cloudcore/values.yaml" in made.files


def test_names_alone_are_no_address(tmp_path: Path) -> None:
    """CloudCore would end at its start."""
    endpoints = {"private": {"host": "cloudcore.north.example"}}
    assert edge_fleet(tmp_path, cloudcore={"endpoints": endpoints}).codes == ["MP2092"]


def test_quic_and_authorization_reach_both_sides(tmp_path: Path) -> None:
    """The listener is on where a line speaks it."""
    made = edge_fleet(
        tmp_path,
        access={"line": "public", "transport": "quic"},
        cloudcore={"endpoints": ENDPOINTS, "authorization": False},
    )
    hub = yaml.safe_load(made.files[CLOUDCORE])["modules"]["cloudHub"]
    assert hub["quic"]["enable"] is True and hub["authorization"]["enable"] is False
    values = configs(made, "cloudcore")["north/bootstrap/cloudcore/values.yaml"]
    assert values["cloudCore"]["modules"]["cloudHub"]["quic"]["enable"] == "true"
