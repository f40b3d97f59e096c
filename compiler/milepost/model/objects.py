"""Kubernetes objects as data, with the metadata that every one has."""

from __future__ import annotations

from typing import Any

from milepost.model.kinds import Kind


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
