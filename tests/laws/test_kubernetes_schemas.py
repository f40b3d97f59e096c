"""Every object that is Kubernetes' own has the shape that Kubernetes wants, in the oldest and newest minor that is known."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from fleets import compiled, roots
from kubernetes_schemas import BUNDLED, OTHERS, findings, version
from laws.tree import templates
from milepost.model.versions.kubernetes import KNOWN
from objects import Object, objects

pytestmark = pytest.mark.slow

MINORS = (KNOWN[0], KNOWN[-1])


@pytest.mark.parametrize("kubernetes", MINORS)
@pytest.mark.parametrize("name", roots())
def test_objects_have_the_right_shape(name: str, kubernetes: str) -> None:
    """Also the Deployments inside EdgeApplications, which no API server looks into."""
    seen = 0
    for path, body in objects(compiled(name).files):
        inside = body["spec"].get("workloadTemplate", {}).get("manifests", []) if "spec" in body else []
        own = [] if body["apiVersion"].startswith(OTHERS) else [body]
        for each in (*own, *inside):
            assert findings(each, kubernetes) == [], (path, each["metadata"]["name"])
            seen += 1
    assert seen


@pytest.mark.parametrize("kubernetes", MINORS)
def test_the_schemas_are_strict(kubernetes: str) -> None:
    """A key with a slip of the pen is refused, at any depth: otherwise the law above would be empty."""
    assert (BUNDLED / version(kubernetes)).is_dir()
    workload = next(body for _, body in objects(compiled("example").files) if body["kind"] == "DaemonSet")
    assert findings(workload, kubernetes) == []
    for breaks in (top, pod, container):
        broken: Object = deepcopy(workload)
        breaks(broken)
        assert findings(broken, kubernetes)


def top(body: Any) -> None:
    body["spec"]["replcas"] = 1


def pod(body: Any) -> None:
    next(templates(body))["spec"]["nodeSelektor"] = {}


def container(body: Any) -> None:
    next(templates(body))["spec"]["containers"][0]["env"] = "text"
