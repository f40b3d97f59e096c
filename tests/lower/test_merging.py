"""Merging: what an existing manifest says beneath, what the spec and its patch say on top."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from milepost.model.merging import merge
from objects import one, pod_spec
from small import compile_components, component

TWO_FILES = [{"path": "/a", "content": "a"}, {"path": "/b", "content": "b"}]


@pytest.mark.parametrize(
    ("base", "over", "merged"),
    [
        ({"a": 1, "b": 2}, {"b": 3}, {"a": 1, "b": 3}),
        ({"a": 1, "b": 2}, {"b": None}, {"a": 1}),
        ({}, {"a": {"b": None, "c": [{"d": None}]}}, {"a": {"c": [{}]}}),
        ([{"name": "a", "v": 1}], [{"name": "b", "v": 2}], [{"name": "a", "v": 1}, {"name": "b", "v": 2}]),
        ([{"name": "a", "v": 1, "w": 1}], [{"name": "a", "v": 2}], [{"name": "a", "v": 2, "w": 1}]),
        ([{"key": 1}], [{"key": 2}], [{"key": 2}]),
        (["x"], ["y"], ["y"]),
        ([{"name": ["odd"]}], [{"name": ["odd"]}], [{"name": ["odd"]}]),
        ([{"name": "a", "v": 1}], 3, 3),
    ],
)
def test_maps_merge_by_key_and_lists_by_name(base: Any, over: Any, merged: Any) -> None:
    """Null removes; what cannot be told apart is replaced."""
    assert merge(base, over) == merged


def test_mounts_of_one_volume_are_told_apart_by_their_path() -> None:
    """Two config files are two mounts of one volume; their names are equal."""
    base = {"volumeMounts": [{"name": "v", "mountPath": "/a"}, {"name": "v", "mountPath": "/b"}]}
    over = {
        "volumeMounts": [{"name": "v", "mountPath": "/b", "readOnly": True}, {"name": "w", "mountPath": "/c"}]
    }
    assert merge(base, over)["volumeMounts"] == [
        {"name": "v", "mountPath": "/a"},
        {"name": "v", "mountPath": "/b", "readOnly": True},
        {"name": "w", "mountPath": "/c"},
    ]


def paths(deployment: dict[str, Any]) -> list[str]:
    return [m["mountPath"] for m in pod_spec(deployment)["containers"][0]["volumeMounts"]]


def test_a_patch_that_adds_a_mount_keeps_every_config_file(tmp_path: Path) -> None:
    """A raw patch is merged, also where several mounts have one volume."""
    mount = {"name": "web", "volumeMounts": [{"name": "more", "mountPath": "/c"}]}
    volumes = [{"name": "more", "emptyDir": {}}]
    patch = {"spec": {"template": {"spec": {"containers": [mount], "volumes": volumes}}}}
    compiled = compile_components(tmp_path, component(files=TWO_FILES, patch=patch))
    assert paths(one(compiled, "Deployment")) == ["/a", "/b", "/c"]


def test_a_manifest_with_mounts_keeps_them_beside_config_files(tmp_path: Path) -> None:
    """And the component's own container takes the place of the manifest's."""
    manifest = """
kind: Job
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: old, image: old.example/x, volumeMounts: [{name: s, mountPath: /s}]}]
      volumes: [{name: s, emptyDir: {}}]
"""
    compiled = compile_components(
        tmp_path, component(files=TWO_FILES, **{"from": "m.yaml"}), more={"m.yaml": manifest}
    )
    deployment = one(compiled, "Deployment")
    assert paths(deployment) == ["/s", "/a", "/b"]
    assert "restartPolicy" not in pod_spec(deployment), "a Deployment restarts its pods always"


@pytest.mark.parametrize(
    "patch",
    [
        {"kind": "DaemonSet"},
        {"apiVersion": None},
        {"metadata": None},
        {"metadata": {"name": "other"}},
        {"metadata": {"namespace": "kube-system"}},
        {"spec": {"selector": None}},
        {"spec": {"replicas": 3}},
        {"spec": None},
        {"spec": {"template": None}},
        {"spec": {"template": {"spec": {"containers": {}}}}},
        {"status": {}},
    ],
)
def test_a_patch_never_changes_which_object_it_is_nor_what_was_decided(
    tmp_path: Path, patch: dict[str, Any]
) -> None:
    """The checks before the patch would be about another object."""
    assert compile_components(tmp_path, component(patch=patch)).codes == ["MP2026"]


@pytest.mark.parametrize("containers", ["3", "[3]", "[]", "{}", "[{image: x}]", "[{name: 3}]"])
def test_a_manifest_without_named_containers_is_refused(tmp_path: Path, containers: str) -> None:
    """Whatever stands there, it is said at the component and nothing falls over."""
    manifest = f"kind: Deployment\nspec: {{template: {{spec: {{containers: {containers}}}}}}}\n"
    compiled = compile_components(tmp_path, component(**{"from": "m.yaml"}), more={"m.yaml": manifest})
    assert compiled.codes == ["MP3007"]
