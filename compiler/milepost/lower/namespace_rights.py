"""Rights in a namespace: the roles that teams are bound to, and what budgets are called in a ResourceQuota."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from milepost.model import kinds
from milepost.model.objects import kubernetes_object

OPERATOR = "milepost-station-operator"
READER = "milepost-station-reader"
QUOTA = {"pods": "pods", "cpu": "requests.cpu", "memory": "requests.memory"}
"""Budget to resource."""


def role_binding(name: str, role: str, teams: Iterable[str], namespace: str) -> dict[str, Any]:
    """In one namespace; never for the whole cluster, which a tree must not be able to give."""
    api = "rbac.authorization.k8s.io"
    return kubernetes_object(
        kinds.ROLE_BINDING,
        name,
        namespace=namespace,
        roleRef={"apiGroup": api, "kind": kinds.CLUSTER_ROLE.name, "name": role},
        subjects=[{"apiGroup": api, "kind": "Group", "name": team} for team in teams],
    )
