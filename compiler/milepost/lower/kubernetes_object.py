"""Metadata that every object has."""

from __future__ import annotations

from typing import Any

from milepost.model.kinds import Kind
from milepost.model.plan import Plan

_PRUNE_GUARDS = {
    "flux": {"kustomize.toolkit.fluxcd.io/prune": "disabled"},
    "argocd": {"argocd.argoproj.io/sync-options": "Prune=confirm,Delete=confirm"},
}


def prune_guard(plan: Plan) -> dict[str, str]:
    """Annotations of what holds other objects or data: the province's agent does not remove it by itself."""
    return _PRUNE_GUARDS[plan.fleet.province.sync.engine]


def kubernetes_object(
    kind: Kind,
    name: str,
    *,
    namespace: str | None = None,
    labels: dict[str, str] | None = None,
    annotations: dict[str, str] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """An object with its fields in the usual order; empty metadata is left out."""
    metadata = {"name": name, "namespace": namespace, "labels": labels, "annotations": annotations}
    return {
        "apiVersion": kind.api_version,
        "kind": kind.name,
        "metadata": {key: value for key, value in metadata.items() if value},
        **fields,
    }
