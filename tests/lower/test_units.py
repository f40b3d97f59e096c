"""What a unit lists, and what the agents are told about it."""

from __future__ import annotations

from pathlib import Path

from objects import one
from small import application, compile_components, component, group, image

TWO_GROUPS = "name,group,type\na,g4,toll-station\nb,g5,gantry\n"
NODES = "name,station,profile\na1,a,box\nb1,b,box\n"


def test_a_group_names_the_releases_that_it_runs_and_no_others(tmp_path: Path) -> None:
    """A new version of an application must not touch groups without it."""
    gantry = application("gantry", [component("gantry")], stations={"types": ["gantry"]})
    idle = application("idle", [component("idle")], stations={"types": []} | {"groups": ["g6"]})
    compiled = compile_components(
        tmp_path,
        component(),
        application_fields={"stations": {"types": ["toll-station"]}},
        also=[group("g5"), group("g6"), image("gantry"), gantry, image("idle"), idle],
        stations=TWO_GROUPS,
        nodes=NODES,
    )
    files = {path.removeprefix("north/"): data.decode() for path, data in compiled.files.items()}
    assert "releases/gantry-1.0.0" not in files["groups/g4/kustomization.yaml"]
    assert "releases/app-1.0.0" not in files["groups/g5/kustomization.yaml"]
    assert [p for p in files if p.startswith("releases/")] == [
        "releases/app-1.0.0/kustomization.yaml",
        "releases/gantry-1.0.0/kustomization.yaml",
    ], "what runs nowhere has no pins"


def test_argo_cd_permits_every_destination_that_its_applications_name(tmp_path: Path) -> None:
    """A destination that the project does not list is refused, and with it the whole unit."""
    compiled = compile_components(
        tmp_path,
        component(),
        fleet_fields={"sync": {"engine": "argocd", "source": {"url": "https://git.example/rendered.git"}}},
    )
    assert not compiled.errors
    project = one(compiled, "AppProject")["spec"]
    for name in ("g4", "milepost-platform-base", "milepost-platform-access"):
        destination = one(compiled, "Application", name)["spec"]["destination"]
        assert destination in project["destinations"]


AGENTS = (b"kustomize.toolkit.fluxcd.io/", b"argocd.argoproj.io/")


def test_both_agents_get_the_same_units(tmp_path: Path) -> None:
    """But for the lines that speak to one of them: a province may change its agent without touching what runs there."""
    made = {}
    for engine in ("flux", "argocd"):
        source = {"url": "https://git.example/rendered.git"}
        fleet = {"sync": {"engine": engine, "source": source}, "owners": ["crew"], "budgets": {"pods": 9}}
        parts = component(replicas="every-node", files=[{"path": "/a", "content": "{{ station.name }}"}])
        compiled = compile_components(tmp_path / engine, parts, fleet_fields=fleet)
        assert not compiled.errors, compiled.said
        made[engine] = {
            path: [line for line in data.splitlines() if not any(agent in line for agent in AGENTS)]
            for path, data in compiled.files.items()
            if path.startswith(("north/groups", "north/platform", "north/releases", "north/bootstrap/join"))
        }
    assert made["flux"] == made["argocd"]
