"""Names and labels that belong to somebody else are refused where they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiling import Compilation, compile_spec, write_files
from small import application, base, compile_components, component, document, files, group, image, province

ONE_NODE = "name,station,profile\na1,{station},box\n"


def in_group(tmp_path: Path, name: str) -> Compilation:
    """A fleet whose only station is in a station group of this name."""
    stations = f"name,group,type\na,{name},toll-station\n"
    return compile_components(tmp_path, component(), also=[group(name)], stations=stations)


@pytest.mark.parametrize(
    "name",
    [
        "kube-system",
        "default",
        "flux-system",
        "argocd",
        "milepost-platform",
        "source",
        "kustomization",
        "cluster",
    ],
)
def test_station_groups_keep_off_namespaces_and_files_of_others(tmp_path: Path, name: str) -> None:
    """A group named kube-system would put the cluster's own namespace under Milepost's care."""
    assert in_group(tmp_path, name).codes == ["MP2025"]


@pytest.mark.parametrize("name", ["shared", "kustomization"])
def test_stations_keep_off_the_files_of_their_group(tmp_path: Path, name: str) -> None:
    """Their file stands beside shared.yaml and kustomization.yaml."""
    compiled = compile_components(
        tmp_path,
        component(),
        stations=f"name,group,type\n{name},g4,toll-station\n",
        nodes=ONE_NODE.format(station=name),
    )
    assert [str(d.span) for d in compiled.errors] == ["stations.csv:2:1"]


def test_the_folder_of_the_hub_is_no_province(tmp_path: Path) -> None:
    """``rendered/hub`` is beside the provinces."""
    compiled = compile_components(
        tmp_path, component(), also=[province("hub", "hub-")], more={"hub-stations.csv": "name,group,type\n"}
    )
    assert "MP2025" in compiled.codes


def test_two_applications_never_share_a_release_folder(tmp_path: Path) -> None:
    """``tolling`` at ``lane-1`` and ``tolling-lane`` at ``1`` would both be releases/tolling-lane-1."""
    first = application("tolling", [component()], version="lane-1", versions={"lane-1": {"web": "1.0.0"}})
    second = application("tolling-lane", [component()], version="1", versions={"1": {"web": "1.0.0"}})
    documents = [*base(), image("web"), first, second]
    compiled = compile_spec(write_files(tmp_path, files(documents).items()))
    assert compiled.codes == ["MP2025"]


@pytest.mark.parametrize("key", ["kubernetes.io/arch", "node.kubernetes.io/x", "milepost.dev/station"])
def test_labels_of_rows_keep_off_reserved_domains(tmp_path: Path, key: str) -> None:
    """Whether a document or a table sets it makes no difference to the kubelet."""
    compiled = compile_components(
        tmp_path, component(), nodes=f"name,station,profile,label:{key}\na1,a,box,x\n"
    )
    assert [str(d.span) for d in compiled.errors] == ["nodes.csv:1:22"]


def test_labels_of_rows_in_yaml_keep_off_reserved_domains(tmp_path: Path) -> None:
    """Each at its own key."""
    nodes = "- {name: a1, station: a, profile: box, labels: {k8s.io/x: y}}\n"
    compiled = compile_components(
        tmp_path,
        component(),
        also=[
            document(
                "Province", "south", {**province()["spec"], "nodes": ["nodes.yaml"], "stations": ["s.csv"]}
            ),
        ],
        more={"nodes.yaml": nodes, "s.csv": "name,group,type\n"},
    )
    assert [d.code.id for d in compiled.errors][:1] == ["MP2021"]
    assert compiled.errors[0].span is not None and compiled.errors[0].span.path == "nodes.yaml"


def test_selectors_name_no_label_that_the_fleet_does_not_set(tmp_path: Path) -> None:
    """The planner counts nodes by their labels in the fleet; Kubernetes' own are not among them."""
    compiled = compile_components(tmp_path, component(nodes={"labels": {"kubernetes.io/arch": "amd64"}}))
    assert compiled.codes == ["MP2021"]


def test_the_label_domain_is_not_kubernetes_own(tmp_path: Path) -> None:
    """A kubelet would refuse every label of such a fleet."""
    compiled = compile_components(tmp_path, component(), fleet_fields={"labelDomain": "fleet.k8s.io"})
    assert compiled.codes == ["MP2021"]


@pytest.mark.parametrize("name", ["nul", "con", "com1", "lpt9"])
def test_no_name_is_a_device_of_windows(tmp_path: Path, name: str) -> None:
    """A repository with groups/nul/con.yaml cannot be cloned there."""
    assert in_group(tmp_path / "group", name).codes == ["MP2025"]
    stations, nodes = f"name,group,type\n{name},g4,toll-station\n", ONE_NODE.format(station=name)
    assert compile_components(tmp_path / "station", component(), stations=stations, nodes=nodes).codes == [
        "MP2025"
    ]


def test_versions_differ_in_more_than_capital_letters(tmp_path: Path) -> None:
    """Their folders would be one where a file system knows no difference."""
    versions = {"1.0.0-RC": {"web": "1.0.0"}, "1.0.0-rc": {"web": "1.0.0"}}
    fields = {"versions": versions, "version": "1.0.0-rc"}
    assert compile_components(tmp_path, component(), application_fields=fields).codes == ["MP2025"]
