"""What the province's agent is told, and nothing that another agent would be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from fleets import compiled, roots
from milepost.publish.artifact import CONTENT
from small import compile_components, component

FLUX, ARGO = "kustomize.toolkit.fluxcd.io/", "argocd.argoproj.io/"


@pytest.mark.parametrize("name", sorted(roots()))
def test_annotations_are_for_the_agent_that_reads_the_tree(name: str) -> None:
    """A reviewer of a Flux tree reads nothing of Argo CD, and the other way round."""
    compilation = compiled(name)
    for own, province in compilation.provinces.items():
        engine = province.plan.fleet.province.sync.engine
        other = ARGO if engine == "flux" else FLUX
        texts = compilation.trees[own].items()
        assert [path for path, data in texts if other.encode() in data] == []


def delivered(tmp_path: Path, engine: str, **source: str) -> Any:
    sync = {"engine": engine, "source": source}
    return compile_components(tmp_path, component(), fleet_fields={"sync": sync})


def test_an_artifact_has_a_tag_that_a_registry_takes(tmp_path: Path) -> None:
    """And it is the one that publish gives it, where nobody says otherwise."""
    compilation = delivered(tmp_path, "flux", kind="OCIRepository", url="oci://registry.example/fleet")
    assert b"tag: north" in compilation.files["north/sync/source.yaml"]


@pytest.mark.parametrize(
    "source",
    [
        {"kind": "OCIRepository", "url": "oci://registry.example/fleet", "reference": "province/{province}"},
        {"kind": "OCIRepository", "url": "https://registry.example/fleet"},
        {"kind": "GitRepository", "url": "oci://registry.example/fleet"},
    ],
)
def test_a_source_that_no_agent_could_read_is_refused(tmp_path: Path, source: dict[str, str]) -> None:
    """A tag has no slash, and an address tells what stands there."""
    (error,) = delivered(tmp_path, "flux", **source).errors
    assert error.code.id.startswith("MP2")


@pytest.mark.parametrize("kind", ["GitRepository", "OCIRepository"])
def test_argo_cd_is_told_the_media_type_of_artifacts(tmp_path: Path, kind: str) -> None:
    """It refuses what it does not know; a Git branch has no media type."""
    url = "oci://registry.example/fleet" if kind == "OCIRepository" else "https://git.example/fleet.git"
    files = delivered(tmp_path, "argocd", kind=kind, url=url).files
    parameters = files.get("north/bootstrap/argocd/argocd-cmd-params-cm.yaml")
    assert (parameters is not None) == (kind == "OCIRepository")
    if parameters is not None:
        types = yaml.safe_load(parameters)["data"]["reposerver.oci.layer.media.types"].split(",")
        assert types[-1] == CONTENT and len(types) == 4
