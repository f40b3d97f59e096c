"""Jobs: a Job cannot be changed, so its name follows from everything that it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from objects import one
from small import compile_components, component


def name(tmp_path: Path, **parts: Any) -> str:
    compiled = compile_components(tmp_path, component(workload="Job", **parts))
    made: str = one(compiled, "Job")["metadata"]["name"]
    return made


@pytest.mark.parametrize(
    "parts",
    [
        {"env": {"A": "1"}},
        {"files": [{"path": "/a", "content": "x"}]},
        {"patch": {"spec": {"template": {"spec": {"hostIPC": True}}}}},
        {"patch": {"spec": {"backoffLimit": 2}}},
        {"replicas": 2},
    ],
)
def test_whatever_changes_in_a_job_changes_its_name(tmp_path: Path, parts: dict[str, Any]) -> None:
    """An edited Job under its old name is refused by the cluster and stops its whole unit."""
    assert name(tmp_path / "a") != name(tmp_path / "b", **parts)


@pytest.mark.parametrize("text", ['SET @a="{}"', "a\n{}\n", "\\{}", "{}"])
def test_how_a_template_is_spelled_leaves_a_job_its_name(tmp_path: Path, text: str) -> None:
    """What counts is what it says at the station; another name would run the Job again at every one."""
    spelled = [text.format(name) for name in ("{{ station.name }}", "{{ station . name }}")]
    found = [name(tmp_path / str(n), env={"A": one}) for n, one in enumerate(spelled)]
    assert found[0] == found[1]


def test_labels_of_the_object_alone_leave_a_job_its_name(tmp_path: Path) -> None:
    """They may be changed in place; a new name would run the Job again."""
    patch = {"metadata": {"labels": {"reviewed": "yes"}}}
    assert name(tmp_path / "a") == name(tmp_path / "b", patch=patch)


def test_the_longest_name_of_a_job_is_still_a_label_value(tmp_path: Path) -> None:
    """Kubernetes writes it into a label of the Job's pods: 63 characters."""
    long = "x" * 46
    compiled = compile_components(tmp_path / "a", component(long, image="web", workload="Job"))
    assert len(one(compiled, "Job")["metadata"]["name"]) == 63
    refused = compile_components(tmp_path / "b", component(f"{long}x", image="web", workload="Job"))
    assert refused.codes == ["MP4040"]
