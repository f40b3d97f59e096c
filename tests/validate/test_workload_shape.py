"""What a component says about its workload fits together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from small import compile_components, component

DISK = {"name": "d", "path": "/d"}


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"workload": "StatefulSet", "replicas": "every-node"}, "a StatefulSet cannot run on every node"),
        ({"workload": "DaemonSet"}, "a DaemonSet runs on every matching node"),
        ({"edgeApplication": True, "workload": "Job"}, "KubeEdge cannot copy a Job per node group"),
        (
            {"volumes": [DISK | {"local": {"path": "/mnt", "size": "1Gi"}}]},
            "a local volume needs a StatefulSet",
        ),
        ({"volumes": [DISK | {"hostPath": "/a/../b"}]}, "a path of the node cannot lead upward"),
        ({"workload": "Job", "survives": 1, "replicas": 2}, "a Job ends"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, parts: dict[str, Any], message: str) -> None:
    """Each with the property that has to give way."""
    compiled = compile_components(tmp_path, component(**parts))
    assert compiled.codes == ["MP2024"]
    assert compiled.errors[0].message.startswith(message)


def test_a_check_by_command_names_a_command(tmp_path: Path) -> None:
    """An empty one is refused by the cluster."""
    compiled = compile_components(tmp_path, component(probes={"liveness": {"command": []}}))
    assert compiled.codes == ["MP2004"]
