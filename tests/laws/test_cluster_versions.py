"""A province at every KubeEdge with every Kubernetes that it is made for: each object is one that such a cluster takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cases import claims
from compiling import Compilation, compile_spec, write_files
from kubernetes_schemas import OTHERS, findings
from milepost.model.versions import kubeedge
from objects import objects

CLUSTER = '{kubernetes: "1.32", kubeedge: 1.23.1}'
FLEETS = ("releases/a-wave-is-pulled-ahead", "placement/edge-applications-per-station")
PAIRS = [(edge, minor) for edge, minors in kubeedge.MADE_FOR.items() for minor in minors]


def compiled_for(edge: str, kubernetes: str, fleet: str, folder: Path, patch: int = 9) -> Compilation:
    """A claim's fleet on another cluster, with every hole of it acknowledged."""
    release = f"{edge}.{patch}"
    holes = ", ".join(hole.name for hole in kubeedge.VULNERABILITIES if hole.affects(release))
    cluster = f'{{kubernetes: "{kubernetes}", kubeedge: {release}, acknowledgedVulnerabilities: [{holes}]}}'
    files = {path: text.replace(CLUSTER, cluster) for path, text in claims.fleet_spec(fleet).items()}
    assert files != claims.fleet_spec(fleet)
    return compile_spec(write_files(folder, files.items()))


@pytest.mark.parametrize(("edge", "kubernetes"), PAIRS)
@pytest.mark.parametrize("fleet", FLEETS)
def test_every_object_is_one_that_the_cluster_takes(
    fleet: str, edge: str, kubernetes: str, tmp_path: Path
) -> None:
    """By Kubernetes' own schemas of that version, and in the API version that this KubeEdge serves."""
    made = compiled_for(edge, kubernetes, fleet, tmp_path)
    assert made.said == ""
    node_jobs = "v1alpha2" if int(edge[2:]) >= 21 else "v1alpha1"
    own = 0
    for path, body in objects(made.files):
        if body["kind"] == "ImagePrePullJob":
            assert body["apiVersion"] == f"operations.kubeedge.io/{node_jobs}"
        if not body["apiVersion"].startswith(OTHERS):
            assert findings(body, kubernetes) == [], path
            own += 1
    index = json.loads(made.files["north/milepost.json"])
    assert own > 10 and index["requires"]["kubernetes"] == kubernetes
    checks = [data for path, data in made.files.items() if b"healthCheckExprs" in data]
    assert all(node_jobs.encode() in data for data in checks)


@pytest.mark.parametrize("edge", kubeedge.KNOWN)
def test_a_release_with_a_hole_compiles_only_when_somebody_says_so(edge: str, tmp_path: Path) -> None:
    """The first release of each minor version has one; what is refused names it."""
    made_for = kubeedge.MADE_FOR[edge][-1]
    assert compiled_for(edge, made_for, FLEETS[0], tmp_path / "said", patch=0).errors == []
    files = dict(claims.fleet_spec(FLEETS[0]))
    files = {
        path: text.replace(CLUSTER, f'{{kubernetes: "{made_for}", kubeedge: {edge}.0}}')
        for path, text in files.items()
    }
    silent = compile_spec(write_files(tmp_path / "silent", files.items()))
    assert silent.codes == ["MP2081"] and "CVE-2026-62371" in silent.said


def test_an_upgrade_that_changes_the_api_of_jobs_renames_them(tmp_path: Path) -> None:
    """The new API would never pick up a job of the old one under the same name."""
    names = [
        {body["metadata"]["name"] for _, body in objects(made.files) if body["kind"] == "ImagePrePullJob"}
        for made in (
            compiled_for("1.20", "1.30", FLEETS[0], tmp_path / "old"),
            compiled_for("1.21", "1.30", FLEETS[0], tmp_path / "new"),
        )
    ]
    assert all(names) and names[0].isdisjoint(names[1])
