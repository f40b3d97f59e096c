"""The table ``objects``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from milepost.model.manifest import fill, unit_of
from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, QueryColumn

MEANING = "An object that the province's cluster must hold, and the file of the rendered tree that holds it."
COLUMNS = (
    PROVINCE,
    QueryColumn("kind", "VARCHAR", "Kind, such as Deployment."),
    QueryColumn("api_version", "VARCHAR", "Its API group and version."),
    QueryColumn("namespace", "VARCHAR", "Namespace; null where it has none."),
    QueryColumn("name", "VARCHAR", "Name in the cluster."),
    QueryColumn("file", "VARCHAR", "Path below the province's folder."),
    QueryColumn("unit", "VARCHAR", "The folder that is synced as one."),
    QueryColumn("reason", "VARCHAR", "Why it is shaped so; null where nothing was decided."),
)


def rows(compiled: Compiled) -> Iterator[tuple[str | None, ...]]:
    province = compiled.plan.fleet.province.name
    for template in compiled.lowered.templates:
        named = [(m, m.body["metadata"]) for m in template.manifests if _in_cluster(m.body)]
        for instance in template.instances:
            unit = unit_of(instance.path)
            for manifest, metadata in named:
                namespace = metadata.get("namespace")
                yield (
                    province,
                    manifest.kind,
                    manifest.body["apiVersion"],
                    namespace and fill(namespace, instance.values),
                    fill(metadata["name"], instance.values),
                    instance.path,
                    unit,
                    manifest.reason or None,
                )


def _in_cluster(body: Any) -> bool:
    """Whether a cluster holds it: what kustomize reads by itself has no name."""
    return "name" in body.get("metadata", {})
