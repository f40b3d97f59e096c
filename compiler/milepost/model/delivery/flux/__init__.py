"""Flux: one source per province, one Kustomization per unit, all on that source.

Never ``force``, never ``postBuild``, never ``wait`` over edge workloads: some nodes are always offline. What is waited
for is a pre-pull: what moves with its wave depends on it, on the same source, so that its old state never passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from milepost.model import kinds
from milepost.model.delivery.base import Delivery, SyncObject, Unit
from milepost.model.delivery.flux.health import health_checks, wait
from milepost.model.objects import kubernetes_object

REQUIRES = ">=2.6"
NAMESPACE = "flux-system"
TAKEN = frozenset({NAMESPACE, "identity", "source"})
SCHEMES: tuple[str, ...] = ("https", "http", "ssh")
ORDERS_UNITS = True
PRUNE_PROTECTION = {"kustomize.toolkit.fluxcd.io/prune": "disabled"}
RECREATION = {"kustomize.toolkit.fluxcd.io/force": "enabled"}
HELD = {"kustomize.toolkit.fluxcd.io/ssa": "Ignore"}
PRUNE_OFF = "kustomize.toolkit.fluxcd.io/prune: disabled"
AGENTS_OWN = {
    "kustomize.toolkit.fluxcd.io/name": "Flux writes it on what it owns",
    "kustomize.toolkit.fluxcd.io/namespace": "Flux writes it on what it owns",
}
SOURCE = "milepost"
SERVICE_ACCOUNT = "milepost"


def source(delivery: Delivery) -> Iterator[SyncObject]:
    yield SyncObject("source.yaml", _source(delivery), "the province pulls its own tree and nothing else")


def identity(delivery: Delivery) -> Iterator[SyncObject]:
    for body in _identity(delivery.province.prepull.engine, delivery.kinds):
        yield SyncObject("identity.yaml", body, "who applies the province's tree")


def order(number: int) -> None:
    """A Kustomization applies all of its objects at once."""


def setup(delivery: Delivery, units: Sequence[Unit]) -> tuple[()]:
    """Nothing to set up: everything that Flux needs is in the tree."""
    return ()


def _source(delivery: Delivery) -> dict[str, Any]:
    source = delivery.province.sync.source
    oci = source.kind == kinds.OCI_REPOSITORY.name
    spec: dict[str, Any] = {
        # How often the source asks for a new commit; the interval of a Kustomization, by
        # contrast, is a full dry-run of every object.
        "interval": "5m",
        "timeout": source.timeout,
        "url": delivery.url,
        "ref": {"tag" if oci else "branch": delivery.reference},
        "secretRef": {"name": source.secret} if source.secret else None,
        "proxySecretRef": {"name": source.proxy_secret} if source.proxy_secret else None,
    }
    return kubernetes_object(
        kinds.named(source.kind),
        SOURCE,
        namespace=NAMESPACE,
        spec={key: value for key, value in spec.items() if value is not None},
    )


def unit(unit: Unit, delivery: Delivery) -> dict[str, Any]:
    sync = delivery.province.sync
    spec: dict[str, Any] = {
        "interval": sync.interval,
        "retryInterval": sync.retry_interval,
        "timeout": sync.timeout,
        "path": f"./{unit.path}",
        # Flux prunes what leaves the inventory of a unit. What holds data is kept off that by
        # its annotation.
        "prune": True,
        # `wait` looks at every object: one Deployment whose node is offline would keep the unit
        # not ready for ever.
        "wait": False,
        # Deleting a Kustomization must never stop a lane: a unit is emptied first, then dropped.
        "deletionPolicy": "Orphan",
        "serviceAccountName": SERVICE_ACCOUNT,
        "sourceRef": {"kind": sync.source.kind, "name": SOURCE},
    }
    if unit.pull is not None:
        # A pull must be seen to be done, so here Flux waits; and a finished wave takes its jobs
        # along.
        spec |= {"wait": True, "timeout": wait(unit.pull), "deletionPolicy": "Delete"}
        spec["healthCheckExprs"] = health_checks(delivery)
    if unit.after:
        # Never `readyExpr`: it replaces the check that the dependency is at the same revision.
        spec["dependsOn"] = [{"name": name} for name in unit.after]
    return kubernetes_object(kinds.FLUX_KUSTOMIZATION, unit.name, namespace=NAMESPACE, spec=spec)


def _identity(prepull: str, used: Sequence[str]) -> list[dict[str, Any]]:
    """A service account that may write what Milepost renders, and nothing else."""
    every = ["get", "list", "watch", "create", "update", "patch", "delete"]
    written = [k for k in kinds.applied(kinds.AgentRights.WRITES, used=used) if k.prepull in ("", prepull)]
    # RBAC lets nobody grant what he does not hold, unless he may bind or escalate.
    granted = kinds.applied(kinds.AgentRights.GRANTS, used=used)
    rules = [*_rules(written, every), *_rules(granted, [*every, "bind", "escalate"])]
    account = {"kind": kinds.SERVICE_ACCOUNT.name, "name": SERVICE_ACCOUNT, "namespace": NAMESPACE}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": kinds.CLUSTER_ROLE.name, "name": "milepost-sync"}
    return [
        kubernetes_object(kinds.SERVICE_ACCOUNT, SERVICE_ACCOUNT, namespace=NAMESPACE),
        kubernetes_object(kinds.CLUSTER_ROLE, "milepost-sync", rules=rules),
        kubernetes_object(
            kinds.CLUSTER_ROLE_BINDING,
            "milepost-sync",
            roleRef=role,
            subjects=[account],
        ),
    ]


def _rules(of: Iterable[kinds.Kind], verbs: list[str]) -> list[dict[str, Any]]:
    """One rule of a role for each API group."""
    return [
        {"apiGroups": [group], "resources": resources, "verbs": verbs}
        for group, resources in sorted(kinds.resources(of).items())
    ]
