"""Tolerations: what a component says is beside what keeps pods where they are."""

from __future__ import annotations

from pathlib import Path

from objects import one, pod_spec
from small import compile_components, component

SAID = [
    {"key": "vendor.example/camera", "value": "lpr", "effect": "NoSchedule"},
    {"key": "disk", "operator": "Exists"},
]


def test_a_component_tolerates_taints_of_its_nodes(tmp_path: Path) -> None:
    """Those of a node out of reach come first, and stay."""
    compiled = compile_components(tmp_path, component(tolerations=SAID))
    assert not compiled.diagnostics
    assert pod_spec(one(compiled, "Deployment"))["tolerations"][2:] == [
        {"key": "vendor.example/camera", "operator": "Equal", "value": "lpr", "effect": "NoSchedule"},
        {"key": "disk", "operator": "Exists"},
    ]


def test_components_of_one_pod_tolerate_what_any_of_them_does(tmp_path: Path) -> None:
    """A pod is on one node: what one of its containers is for, the others stand beside."""
    fields = {"topology": [{"together": ["web", "log"]}]}
    compiled = compile_components(
        tmp_path,
        component(tolerations=SAID),
        component("log", tolerations=SAID[1:]),
        application_fields=fields,
    )
    assert not compiled.errors
    assert len(pod_spec(one(compiled, "Deployment"))["tolerations"]) == 4


def test_a_value_with_exists_is_refused(tmp_path: Path) -> None:
    """The API server would refuse the pod."""
    odd = [{"key": "disk", "operator": "Exists", "value": "ssd"}]
    assert compile_components(tmp_path, component(tolerations=odd)).codes == ["MP2004"]
