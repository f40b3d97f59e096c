"""``objects``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from milepost.model.manifest import fill, unit_of
from milepost.pipeline import Compiled
from milepost.query.column import PROVINCE, Column

MEANING = "An object that the province's cluster must hold, and the file of the rendered tree that holds it."
COLUMNS = (
    PROVINCE,
    Column("kind", "VARCHAR", "Kind, such as Deployment."),
    Column("api_version", "VARCHAR", "Its API group and version."),
    Column("namespace", "VARCHAR", "Namespace; null where it has none."),
    Column("name", "VARCHAR", "Name in the cluster."),
    Column("file", "VARCHAR", "Path below the province's folder."),
    Column("unit", "VARCHAR", "The folder that is synced as one."),
    Column("reason", "VARCHAR", "Why it is shaped so; null where nothing was decided."),
)


def rows(compiled: Compiled) -> Iterator[tuple[str | None, ...]]:
    province = compiled.plan.fleet.province.name
    for sheet in compiled.lowered.sheets:
        named = [(m, m.body["metadata"]) for m in sheet.manifests if _in_cluster(m.body)]
        for stamp in sheet.stamps:
            unit = unit_of(stamp.path)
            for manifest, metadata in named:
                namespace = metadata.get("namespace")
                yield (
                    province,
                    manifest.kind,
                    manifest.body["apiVersion"],
                    namespace and fill(namespace, stamp.values),
                    fill(metadata["name"], stamp.values),
                    stamp.path,
                    unit,
                    manifest.reason or None,
                )


def _in_cluster(body: Any) -> bool:
    """Whether a cluster holds it: what kustomize reads by itself has no name."""
    return "name" in body.get("metadata", {})
