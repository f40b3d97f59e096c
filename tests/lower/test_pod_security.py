"""Pod Security levels of pods, as the admission plug-in of the API server judges them."""

from __future__ import annotations

from typing import Any

import pytest

from milepost.lower.pod_security import Level, level, pod_specs

HARMLESS: dict[str, Any] = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [
        {
            "name": "a",
            "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        }
    ],
}


def pod(**spec: Any) -> dict[str, Any]:
    return HARMLESS | spec


def container(**fields: Any) -> list[dict[str, Any]]:
    (only,) = HARMLESS["containers"]
    context = only["securityContext"] | fields.pop("securityContext", {})
    return [only | fields | {"securityContext": context}]


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        (HARMLESS, Level.RESTRICTED),
        ({"containers": [{"name": "a"}]}, Level.BASELINE),
        (pod(volumes=[{"name": "v", "configMap": {"name": "c"}}]), Level.RESTRICTED),
        (pod(volumes=[{"name": "v", "nfs": {}}]), Level.BASELINE),
        (pod(volumes=[{"name": "v", "hostPath": {"path": "/"}}]), Level.PRIVILEGED),
        (pod(hostNetwork=True), Level.PRIVILEGED),
        (pod(hostPID=True), Level.PRIVILEGED),
        (pod(containers=container(ports=[{"containerPort": 80}])), Level.RESTRICTED),
        (pod(containers=container(ports=[{"containerPort": 80, "hostPort": 80}])), Level.PRIVILEGED),
        (pod(containers=container(securityContext={"privileged": True})), Level.PRIVILEGED),
        (pod(containers=container(securityContext={"runAsUser": 0})), Level.BASELINE),
        (pod(containers=container(securityContext={"runAsNonRoot": False})), Level.BASELINE),
        (
            pod(
                containers=container(
                    securityContext={"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}}
                )
            ),
            Level.RESTRICTED,
        ),
        (
            pod(containers=container(securityContext={"capabilities": {"drop": ["ALL"], "add": ["CHOWN"]}})),
            Level.BASELINE,
        ),
        (
            pod(
                containers=container(
                    securityContext={"capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN"]}}
                )
            ),
            Level.PRIVILEGED,
        ),
        (
            pod(containers=container(securityContext={"seccompProfile": {"type": "Unconfined"}})),
            Level.PRIVILEGED,
        ),
        (pod(initContainers=[{"name": "b", "securityContext": {"privileged": True}}]), Level.PRIVILEGED),
        (pod(securityContext={"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}), Level.PRIVILEGED),
    ],
)
def test_a_pod_needs(spec: dict[str, Any], wanted: Level) -> None:
    """The strictest level that lets it in."""
    assert level(spec) is wanted


def test_pods_are_found_however_deep_they_stand() -> None:
    """An EdgeApplication holds Deployments as a list of manifests."""
    body = {"spec": {"workloadTemplate": {"manifests": [{"spec": {"template": {"spec": HARMLESS}}}]}}}
    assert list(pod_specs(body)) == [HARMLESS]
