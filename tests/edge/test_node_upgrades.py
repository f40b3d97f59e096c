"""Node upgrades: jobs by wave as KubeEdge's own schemas take them, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from compiling import Compilation, compile_spec, write_files
from edge.fleets import ENDPOINTS, LINE
from milepost.lower.edge.upgrade_jobs import MOST_NODES, update_fields
from small import application, component, document, files, fleet, group, image, profile, province

CRDS = Path(__file__).parent / "crds"
WAVES = [{"name": "first", "groups": ["g4"]}, {"name": "rest", "groups": ["g5"]}]


def upgraded(root: Path, nodes: int = 3, to: str = "1.23.1", now: str = "1.23.1", **more: Any) -> Compilation:
    """Two sections; all of ``nodes`` but one are in the first."""
    package = image("installation-package", [f"v{to}"])
    package["spec"]["repository"] = "registry.example/kubeedge/installation-package"
    upgrade = {
        "to": to,
        "installation": {"image": "installation-package", "version": f"v{to}"},
        "waves": WAVES,
    } | more
    rows = "".join(f"n{number:04},a,box,server\n" for number in range(nodes - 1))
    documents = [
        *(
            fleet(),
            document("AccessProfile", "line", LINE),
            profile(),
            group(),
            group("g5"),
            image("web"),
            package,
        ),
        province(
            cloudcore={"endpoints": ENDPOINTS},
            nodeUpgrade=upgrade,
            cluster={"kubernetes": "1.32", "kubeedge": now, **_acknowledged(now)},
        ),
        application("app", [component("web")]),
    ]
    made = files(
        documents,
        nodes=f"name,station,profile,roles\n{rows}last,b,box,server\n",
        stations="name,group,type\na,g4,toll-station\nb,g5,toll-station\n",
    )
    return compile_spec(write_files(root, made.items()))


def _acknowledged(release: str) -> dict[str, Any]:
    holes = ["CVE-2026-62371", "CVE-2026-62182"] if release == "1.23.0" else []
    return {"acknowledgedVulnerabilities": holes} if holes else {}


def jobs(made: Compilation, wave: str, part: str) -> list[dict[str, Any]]:
    data = made.files[f"north/bootstrap/upgrade/{wave}/{part}.yaml"]
    return list(yaml.load_all(data, yaml.CSafeLoader))


def test_every_job_is_one_that_kubeedge_takes(tmp_path: Path) -> None:
    """By the schemas of its CRDs, with unknown fields refused; each node of a wave is in one job of each sort."""
    made = upgraded(tmp_path, nodes=451)
    assert not made.errors, made.said
    for wave, count in (("first", 450), ("rest", 1)):
        for part in ("1-pull", "2-upgrade", "3-config"):
            found = jobs(made, wave, part)
            named: list[str] = []
            for job in found:
                schema = json.loads((CRDS / f"{job['kind'].lower()}.json").read_text())
                assert not list(jsonschema_rs.Draft202012Validator(schema).iter_errors(job["spec"]))
                spec = job["spec"].get("imagePrePullTemplate", job["spec"])
                assert 0 < len(spec["nodeNames"]) <= MOST_NODES
                assert spec["timeoutSeconds"] > 0 and float(spec["failureTolerate"]) == 0.1
                named += spec["nodeNames"]
            assert len(named) == len(set(named)) == count
            assert len({job["metadata"]["name"] for job in found}) == len(found)


def test_an_upgrade_names_its_image_without_a_tag(tmp_path: Path) -> None:
    """KubeEdge adds the version; the pull names both."""
    made = upgraded(tmp_path)
    (upgrade,), (pull,) = jobs(made, "first", "2-upgrade"), jobs(made, "first", "1-pull")
    assert upgrade["spec"]["image"] == "registry.example/kubeedge/installation-package"
    assert upgrade["spec"]["version"] == "v1.23.1"
    assert pull["spec"]["imagePrePullTemplate"]["images"] == [f"{upgrade['spec']['image']}:v1.23.1"]


def test_a_changed_job_has_another_name_and_an_unchanged_one_the_same(tmp_path: Path) -> None:
    """KubeEdge ignores what changes under a name that it knows."""
    names = [
        jobs(upgraded(tmp_path / str(number), concurrency=concurrency), "first", "2-upgrade")[0]["metadata"][
            "name"
        ]
        for number, concurrency in enumerate((10, 10, 20))
    ]
    assert names[0] == names[1] != names[2]


def test_nothing_of_it_is_for_the_agent(tmp_path: Path) -> None:
    """A person applies a wave when it is due; modules that carry jobs out are on."""
    made = upgraded(tmp_path)
    assert not [
        path for path, data in made.files.items() if b"NodeUpgradeJob" in data and "/bootstrap/" not in path
    ]
    cloudcore = yaml.safe_load(made.files["north/bootstrap/cloudcore/cloudcore.yaml"])
    assert cloudcore["modules"]["taskManager"]["enable"] is True


def test_fields_that_a_job_cannot_carry_are_left_out() -> None:
    """Helm's ``key=value``: dots in keys, commas and braces in values, lists."""
    body = {
        "a": {"on": True, "n": 3, "t": "40s", "ip": "10.0.0.1", "l": ["x"], "k.d": "1", "c": "a,b"},
        "kind": "X",
    }
    assert dict(update_fields(body)) == {"a.on": "true", "a.n": "3", "a.t": "40s"}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"to": "1.23.2"}, "MP2093"),
        ({"to": "1.23.0", "now": "1.23.1"}, "MP2093"),
        ({"to": "1.23.0", "now": "1.23.0"}, "MP2093"),
        ({"waves": [*WAVES, {"name": "again", "groups": ["g4"]}]}, "MP3033"),
        ({"waves": [{"name": "x", "groups": ["g9"]}]}, "MP3001"),
        ({"installation": {"image": "web", "version": "1.0.0"}}, "MP3032"),
    ],
)
def test_what_must_not_be_is_refused(tmp_path: Path, more: dict[str, Any], code: str) -> None:
    """Newer than CloudCore, to or from a version with a hole, a section twice, an image of something else."""
    assert code in upgraded(tmp_path, **more).codes
