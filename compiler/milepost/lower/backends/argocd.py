"""Argo CD: one project per province, one Application per unit, with the units that Flux would get."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from milepost.lower.backend import OutputIndex, PlacedManifest
from milepost.lower.gates import stage_of
from milepost.lower.kubernetes_object import kubernetes_object
from milepost.lower.mirror import namespaces as of_mirrors
from milepost.lower.pull_orders import namespaces as of_pulls
from milepost.lower.sync import dependencies, source_address, unit_name, unit_objects
from milepost.model import kinds
from milepost.model.manifest import Manifest, ManifestTemplate
from milepost.model.plan import Plan

NAMESPACE = "argocd"
IN_CLUSTER = "https://kubernetes.default.svc"
"""The agent runs in the province's own cluster: a hub would watch every object over the province's line."""


def lower_delivery(plan: Plan, index: OutputIndex) -> Iterable[PlacedManifest | ManifestTemplate]:
    if plan.fleet.province.sync.engine != "argocd":
        return
    origin = plan.fleet.province.origin
    yield PlacedManifest(
        "sync/project.yaml", Manifest(_project(plan), origin, "bounds what the province's tree may touch")
    )
    yield from unit_objects(plan, index, lambda unit, _: _application(unit, plan))


def _project_name(plan: Plan) -> str:
    return f"milepost-{plan.fleet.province.name}"


def _project(plan: Plan) -> dict[str, Any]:
    url, _ = source_address(plan)
    return kubernetes_object(
        kinds.ARGO_PROJECT,
        _project_name(plan),
        namespace=NAMESPACE,
        spec={
            "description": f"What Milepost renders for {plan.fleet.province.name}",
            "sourceRepos": [url],
            "destinations": [
                {"server": IN_CLUSTER, "namespace": name}
                for name in (*plan.fleet.groups, _project_name(plan), *of_pulls(plan), *of_mirrors(plan))
            ],
            "clusterResourceWhitelist": [
                {"group": kind.group, "kind": kind.name}
                for kind in sorted(kinds.applied(), key=lambda kind: (kind.group, kind.name))
                if kind.cluster_scoped
            ],
        },
    )


def _application(unit: str, plan: Plan) -> dict[str, Any]:
    sync = plan.fleet.province.sync
    url, reference = source_address(plan)
    git = sync.source.kind == kinds.GIT_REPOSITORY.name
    kind, _, name = unit.partition("/")
    body = kubernetes_object(
        kinds.ARGO_APPLICATION,
        unit_name(unit),
        namespace=NAMESPACE,
        annotations={
            # Both what the unit holds and the pins that it names.
            "argocd.argoproj.io/manifest-generate-paths": ".;/releases",
            "argocd.argoproj.io/sync-wave": "0" if dependencies(unit) else "-1",
        },
        spec={
            "project": _project_name(plan),
            "source": {
                "repoURL": url,
                "targetRevision": f"refs/heads/{reference}" if git else reference,
                "path": unit,
            },
            # A project permits no destination without a namespace; platform objects name their own, or have none.
            "destination": {
                "server": IN_CLUSTER,
                "namespace": name if kind == "groups" else _project_name(plan),
            },
            "revisionHistoryLimit": 2,
            "syncPolicy": {
                "automated": {"prune": True, "selfHeal": True},
                "retry": {
                    "limit": 5,
                    "backoff": {"duration": sync.retry_interval, "factor": 2, "maxDuration": sync.interval},
                },
                "syncOptions": ["ServerSideApply=true", "ApplyOutOfSyncOnly=true", "PruneLast=true"],
            },
        },
    )
    if stage_of(plan, unit) is not None:
        # Jobs that have ended go with the wave's Application; a group's workloads never go with theirs.
        body["metadata"]["finalizers"] = ["resources-finalizer.argocd.argoproj.io"]
    return body
