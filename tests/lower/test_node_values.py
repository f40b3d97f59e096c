"""``node.name`` and ``node.address``: known on the node alone, filled there by Kubernetes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from objects import one, pod_spec
from small import compile_components, component


def container(tmp_path: Path, **parts: Any) -> dict[str, Any]:
    compiled = compile_components(tmp_path, component(**parts))
    found: dict[str, Any] = pod_spec(one(compiled, "Deployment"))["containers"][0]
    return found


def test_a_variable_of_that_very_value_is_filled_directly(tmp_path: Path) -> None:
    """Also one that is called as a variable of ours might be: no name stands twice."""
    env = container(tmp_path, env={"NODE_NAME": "{{ node.name }}"})["env"]
    assert env == [{"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}]


def test_longer_texts_refer_to_variables_before_them(tmp_path: Path) -> None:
    """Kubernetes expands $(NAME) of variables that stand earlier in the list."""
    found = container(tmp_path, env={"URL": "http://{{ node.address }}:80"}, args=["{{ node.name }}"])
    names = [entry["name"] for entry in found["env"]]
    assert names == ["MILEPOST_NODE_NAME", "MILEPOST_NODE_ADDRESS", "URL"]
    assert found["env"][2]["value"] == "http://$(MILEPOST_NODE_ADDRESS):80"
    assert found["args"] == ["$(MILEPOST_NODE_NAME)"]


def test_no_variable_where_none_is_needed(tmp_path: Path) -> None:
    """A component that says nothing of nodes has no environment of ours."""
    assert "env" not in container(tmp_path, args=["plain"])
