"""Argo CD: one project per province, one Application per unit, with the units that Flux would get."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from milepost.model import kinds
from milepost.model.delivery.argocd.health import health_scripts
from milepost.model.delivery.base import Delivery, SyncObject, Unit
from milepost.model.objects import kubernetes_object

REQUIRES = ">=2.11"
NAMESPACE = "argocd"
TAKEN = frozenset({NAMESPACE, "project"})
SCHEMES: tuple[str, ...] = ()
ORDERS_UNITS = False
PRUNE_PROTECTION = {"argocd.argoproj.io/sync-options": "Prune=confirm,Delete=confirm"}
RECREATION = {"argocd.argoproj.io/sync-options": "Replace=true,Force=true"}
HELD = {"argocd.argoproj.io/hook": "Skip"}
PRUNE_OFF = "argocd.argoproj.io/sync-options: Prune=false"
AGENTS_OWN = {
    "argocd.argoproj.io/tracking-id": "Argo CD writes it at every sync",
    "argocd.argoproj.io/instance": "Argo CD writes it at every sync",
}
IN_CLUSTER = "https://kubernetes.default.svc"
"""The agent runs in the province's own cluster: a hub would watch every object over the province's line."""


def source(delivery: Delivery) -> tuple[()]:
    """Each Application names its own."""
    return ()


def identity(delivery: Delivery) -> Iterator[SyncObject]:
    yield SyncObject("project.yaml", _project(delivery), "bounds what the province's tree may touch")


def order(number: int) -> dict[str, str]:
    """Argo CD orders the objects of one Application by waves, and Applications not at all."""
    return {"argocd.argoproj.io/sync-wave": str(number)}


def setup(delivery: Delivery, units: Sequence[Unit]) -> Iterator[tuple[str, str]]:
    """What its administrator puts in place once, the same whether or not a release is under way."""
    yield "bootstrap/argocd/argocd-cm.yaml", _CONFIG_MAP + _data(health_scripts(delivery))
    if delivery.province.sync.source.kind == kinds.OCI_REPOSITORY.name:
        yield "bootstrap/argocd/argocd-cmd-params-cm.yaml", _PARAMETERS


def _project_name(delivery: Delivery) -> str:
    return f"milepost-{delivery.province.name}"


def _project(delivery: Delivery) -> dict[str, Any]:
    return kubernetes_object(
        kinds.ARGO_PROJECT,
        _project_name(delivery),
        namespace=NAMESPACE,
        spec={
            # A project of its own: the project `default` lets an Application touch everything.
            "description": f"What Milepost renders for {delivery.province.name}",
            "sourceRepos": [delivery.url],
            "destinations": [
                {"server": IN_CLUSTER, "namespace": name}
                for name in (*delivery.groups, _project_name(delivery), *delivery.shared)
            ],
            "clusterResourceWhitelist": [
                {"group": kind.group, "kind": kind.name}
                for kind in sorted(
                    kinds.applied(used=delivery.kinds), key=lambda kind: (kind.group, kind.name)
                )
                if kind.cluster_scoped
            ],
        },
    )


def unit(unit: Unit, delivery: Delivery) -> dict[str, Any]:
    sync = delivery.province.sync
    git = sync.source.kind == kinds.GIT_REPOSITORY.name
    body = kubernetes_object(
        kinds.ARGO_APPLICATION,
        unit.name,
        namespace=NAMESPACE,
        annotations={
            # All that the unit is built from: what it holds, and the pins that it names.
            "argocd.argoproj.io/manifest-generate-paths": ";".join(
                (".", "/releases", *(f"/{folder}" for folder in unit.reads))
            ),
            "argocd.argoproj.io/sync-wave": "0" if unit.after else "-1",
        },
        spec={
            "project": _project_name(delivery),
            "source": {
                "repoURL": delivery.url,
                "targetRevision": f"refs/heads/{delivery.reference}" if git else delivery.reference,
                "path": unit.path,
            },
            # A project permits no destination without a namespace; platform objects name their own, or have none.
            "destination": {
                "server": IN_CLUSTER,
                "namespace": unit.namespace or _project_name(delivery),
            },
            # Each entry of the history holds the list of all resources; ten of them have been
            # seen to take 450 to 500 KB of the object.
            "revisionHistoryLimit": 2,
            "syncPolicy": {
                "automated": {"prune": True, "selfHeal": True},
                # Auto-sync tries a commit once. Without a retry a pre-pull that failed would
                # never be looked at again.
                "retry": {
                    "limit": 5,
                    "backoff": {"duration": sync.retry_interval, "factor": 2, "maxDuration": sync.interval},
                },
                # Client-side apply would copy each object into an annotation of at most 256
                # KiB; `ApplyOutOfSyncOnly` is Argo CD's own advice for thousands of objects.
                "syncOptions": ["ServerSideApply=true", "ApplyOutOfSyncOnly=true", "PruneLast=true"],
            },
        },
    )
    if unit.pull is not None:
        # Jobs that have ended go with the wave's Application; a group's workloads never go with theirs.
        body["metadata"]["finalizers"] = ["resources-finalizer.argocd.argoproj.io/foreground"]
    return body


def _data(scripts: dict[str, str]) -> str:
    text = ""
    for key, script in scripts.items():
        # Written by hand and not by the emitter: it is a part of a file for people, with
        # comments in it.
        text += f"  {key}: |\n" + "".join(f"    {line}\n" for line in script.splitlines())
    return text


_CONFIG_MAP = """\
# Merge into Argo CD's own ConfigMap before the first release. Without the check a wave passes before its images are
# on the nodes.
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
data:
"""

_PARAMETERS = """\
# Merge into Argo CD's own ConfigMap before the first sync, and restart the repo server. `milepost publish --oci` pushes
# artifacts whose layer has Flux's media type (the last one), which Argo CD refuses until it is told; the others are its own.
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cmd-params-cm
  namespace: argocd
data:
  reposerver.oci.layer.media.types: "application/vnd.oci.image.layer.v1.tar,application/vnd.oci.image.layer.v1.tar+gzip,\
application/vnd.cncf.helm.chart.content.v1.tar+gzip,application/vnd.cncf.flux.content.v1.tar+gzip"
"""
