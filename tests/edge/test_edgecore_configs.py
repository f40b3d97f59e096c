"""EdgeCore's configuration of a class of nodes: valid, and in step with what the capacity proof reserves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from compiling import compile_spec
from edge.fleets import configs, edge_fleet, only
from fleets import root
from milepost.emit.component_faults import component_faults
from milepost.model.edge_nodes import edge_class, edge_nodes
from milepost.model.quantity import bytes_of, millicores

WORKED_OUT = ("example", "generated-station", "generated-station-group")


@pytest.mark.parametrize("name", WORKED_OUT)
def test_every_class_of_nodes_has_a_valid_configuration(name: str) -> None:
    """One file for each class that some node is of, and no other; EdgeCore's schema and its loader's rules take each."""
    made = compile_spec(root(name))
    assert made.trees
    for province, compiled in made.provinces.items():
        found = configs(made, "edgecore")
        classes = {edge_class(node).name for node, _ in edge_nodes(compiled.plan.fleet.province)}
        start = f"{province}/bootstrap/edgecore/"
        assert {p.removeprefix(start).removesuffix(".yaml") for p in found if p.startswith(start)} == classes
        assert all(not list(component_faults("EdgeCore", body)) for body in found.values())


@pytest.mark.parametrize(
    "hardware",
    [
        {"memory": "1Gi", "disk": "16Gi", "reserved": {"memory": "256Mi", "cpu": "300m"}},
        {"memory": "512Mi", "disk": "8Gi", "reserved": {"memory": "160Mi", "disk": "1Gi"}},
        {"memory": "16Gi", "disk": "1Ti", "reserved": {"memory": "1Gi"}},
        {"memory": "8Gi", "disk": "256Gi", "reserved": {"memory": "769Mi", "disk": "10G"}},
    ],
)
def test_what_the_kubelet_leaves_to_pods_is_what_the_proof_counts_with(
    tmp_path: Path, hardware: dict[str, Any]
) -> None:
    """Allocatable = capacity - systemReserved - hard eviction threshold, which is Kubernetes' own formula."""
    made = edge_fleet(tmp_path, hardware=hardware)
    kubelet = only(configs(made, "edgecore"))["modules"]["edged"]["tailoredKubeletConfig"]
    kept, evicted = kubelet["systemReserved"], kubelet["evictionHard"]
    profile = next(edge_nodes(made.provinces["north"].plan.fleet.province))[0].profile
    assert millicores(kept["cpu"]) == profile.reserved_cpu
    assert bytes_of(kept["memory"]) + bytes_of(evicted["memory.available"]) == profile.reserved_memory
    assert (
        bytes_of(kept["ephemeral-storage"]) + bytes_of(evicted["nodefs.available"]) == profile.reserved_disk
    )
    assert bytes_of(evicted["memory.available"]) > 0


def test_images_are_collected_before_pods_are_evicted(tmp_path: Path) -> None:
    """At 85 % of the disk the kubelet removes images; a pod goes only when less than a tenth is left."""
    made = edge_fleet(tmp_path, hardware={"disk": "16Gi"})
    kubelet = only(configs(made, "edgecore"))["modules"]["edged"]["tailoredKubeletConfig"]
    left = bytes_of(kubelet["evictionHard"]["imagefs.available"])
    assert left < (100 - kubelet["imageGCHighThresholdPercent"]) / 100 * bytes_of("16Gi")


def test_a_profile_without_room_for_edgecore_is_refused(tmp_path: Path) -> None:
    """At its own line."""
    made = edge_fleet(tmp_path, hardware={"memory": "1Gi", "reserved": {"memory": "64Mi"}})
    assert made.codes == ["MP4122"]


def test_modules_are_on_for_the_roles_that_use_them(tmp_path: Path) -> None:
    """And off everywhere else, most of them being on by EdgeCore's own default."""
    nodes = "name,station,profile,roles\na1,a,box,server\na2,a,box,lane\n"
    made = edge_fleet(
        tmp_path, nodes=nodes, edge={"modules": {"eventBus": {"roles": ["lane"]}, "edgeStream": {}}}
    )
    of = {
        re.sub(r".*/(.*)\.yaml", r"\1", path): body["modules"]
        for path, body in configs(made, "edgecore").items()
    }
    assert {role: modules["eventBus"]["enable"] for role, modules in of.items()} == {
        "lane": True,
        "server": False,
    }
    assert all(
        modules["edgeStream"] == {"enable": True, "server": "10.0.0.10:10004", "handshakeTimeout": 30}
        for modules in of.values()
    )
    assert not any(modules["deviceTwin"]["enable"] for modules in of.values())


def test_the_metaserver_runs_where_services_need_it(tmp_path: Path) -> None:
    """EdgeMesh asks it on its node."""
    ports = [{"name": "http-0", "port": 80}]
    with_service = only(configs(edge_fleet(tmp_path / "with", web={"ports": ports}), "edgecore"))
    without = only(configs(edge_fleet(tmp_path / "without"), "edgecore"))
    assert with_service["modules"]["metaManager"]["metaServer"]["enable"] is True
    assert with_service["modules"]["edged"]["tailoredKubeletConfig"]["clusterDNS"] == ["169.254.96.16"]
    declared = only(
        configs(edge_fleet(tmp_path / "declared", edge={"modules": {"metaServer": {}}}), "edgecore")
    )
    assert declared["modules"]["metaManager"]["metaServer"]["enable"] is True
    assert without["modules"]["metaManager"]["metaServer"]["enable"] is False
    assert "clusterDNS" not in without["modules"]["edged"]["tailoredKubeletConfig"]


def test_without_cloudcore_there_is_nothing_for_edgecore(tmp_path: Path) -> None:
    """Who has not said where CloudCore is gets labels and hosts.toml, as before."""
    from small import compile_components, component

    made = compile_components(tmp_path, component("web"))
    assert not [path for path in made.files if "/bootstrap/edgecore/" in path]


def test_an_image_of_edgecore_that_is_not_locked_is_told(tmp_path: Path) -> None:
    """With the command that locks it, and not as a fault of Milepost."""
    from compiling import write_files
    from edge.fleets import ENDPOINTS, LINE
    from small import application, component, document, files, fleet, group, image, profile, province

    pause = image("pause", ["3.9"])
    documents = [
        *(fleet(), document("AccessProfile", "line", LINE), profile(), group(), image("web")),
        province(cloudcore={"endpoints": ENDPOINTS}, edge={"sandbox": {"image": "pause", "version": "3.9"}}),
        application("app", [component("web")]),
    ]
    made = files(documents)
    with_pause = files([*documents, pause])
    spec = write_files(tmp_path, (with_pause | {"images.lock.yaml": made["images.lock.yaml"]}).items())
    assert compile_spec(spec).codes == ["MP4010"]
