"""What is pulled ahead is what is started: the same reference, byte for byte, as kustomize writes it into the pods."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from compiling import Compilation, compile_spec
from fleets import EXAMPLE
from kustomize import build
from milepost.driver import release_step
from milepost.model import release_steps
from objects import Object, parse

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def switched(tmp_path_factory: pytest.TempPathFactory) -> Compilation:
    """The example with every wave switched, those after the pilot in one commit with their pulls."""
    root = Path(shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("example") / "fleet-spec"))
    path = root / "releases" / "tolling-1.5.0.yaml"
    path.write_text(path.read_text().replace("prepulled: south", "prepulled: pilot"))
    for _ in range(2):
        release_step.step(root, None, lambda r: release_steps.advance(r, together=True))
    made = compile_spec(root)
    assert not made.errors, made.said
    return made


def images(body: Any) -> set[str]:
    """The images of every container in an object, at any depth."""
    if isinstance(body, list):
        return {image for item in body for image in images(item)}
    if not isinstance(body, dict):
        return set()
    own = {c["image"] for key in ("containers", "initContainers") for c in body.get(key) or ()}
    return own | {image for value in body.values() for image in images(value)}


def pulled(objects: list[Object]) -> dict[str, set[str]]:
    """Station group to the images that its jobs pull, for jobs that go by labels."""
    found: dict[str, set[str]] = {}
    for body in objects:
        if body["kind"] == "ImagePrePullJob":
            template = body["spec"]["imagePrePullTemplate"]
            labels = template.get("labelSelector", {}).get("matchLabels", {})
            group = labels.get("tolling.example/station-group")
            if group:
                found.setdefault(group, set()).update(template["images"])
    return found


@pytest.mark.parametrize("province", ["guangdong", "hunan", "qinghai"])
def test_jobs_pull_what_the_pods_of_their_group_start(
    province: str, switched: Compilation, tmp_path: Path
) -> None:
    """Every image of a job is in a pod of the group, and every image that the release changes is in a job."""
    files = dict(switched.trees[province].items())
    jobs = pulled(
        [
            b
            for path in files
            if path.endswith(".yaml") and "kustomization" not in path and not path.startswith("bootstrap/")
            for b in parse(files[path])
        ]
    )
    objects = build(tmp_path, files)
    new = _images_of(files["releases/tolling-1.5.0/kustomization.yaml"])
    assert jobs
    for group, ahead in jobs.items():
        started = {i for b in objects if b["metadata"].get("namespace") == group for i in images(b)}
        assert ahead <= started
        assert ahead == {image for image in started & new if _changes(image)}


def _images_of(component: bytes) -> set[str]:
    (body,) = parse(component)
    return {f"{i.get('newName', i['name'])}@{i['digest']}" for i in body["images"]}


def _changes(image: str) -> bool:
    """Databases and the watchdog stay as they are in 1.5.0."""
    return image.partition("@")[0].rpartition("/")[2] in ("lane-frontend", "lane-backend", "station-service")


def test_argo_cd_holds_back_a_group_by_a_job_of_its_own(switched: Compilation) -> None:
    """Pulled and switched by one commit: the job stands with the workloads, in waves before theirs."""
    files = dict(switched.trees["guangdong"].items())
    jobs = parse(files["groups/gd-g15-kaiyang/prepull.tolling-1-5-0.yaml"])
    waves = {job["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] for job in jobs}
    assert waves == {"-1", "-2"}
    assert not any(path.startswith("prepull/") for path in files)


def test_argo_cd_orders_the_stages_of_a_unit_by_waves() -> None:
    """Mirrors first; and one Application, which takes its jobs with it when it goes."""
    files = dict(compile_spec(EXAMPLE).trees["guangdong"].items())
    orders = {
        path.rpartition("/")[2]: {
            job["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] for job in parse(data)
        }
        for path, data in files.items()
        if path.startswith("prepull/") and not path.endswith("kustomization.yaml")
    }
    assert orders["province.mirrors.yaml"] == {"0"}
    assert orders["station-group.mirrors.yaml"] == {"1"}
    assert orders["gd-g15-kaiyang.yaml"] == {"2"}
    (application,) = parse(files["sync/milepost-prepull-tolling-1-5-0-south.yaml"])
    assert (
        json.dumps(application["metadata"]["finalizers"])
        == '["resources-finalizer.argocd.argoproj.io/foreground"]'
    )
