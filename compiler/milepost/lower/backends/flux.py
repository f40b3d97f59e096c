"""Flux: one source per province, one Kustomization per unit, all on that source.

Never ``force``, never ``postBuild``, never ``wait`` over edge workloads: some nodes are always offline. What is waited
for is a pre-pull: the groups of its wave depend on it, on the same source, so that its old state never passes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from milepost.lower.backend import OutputIndex, PlacedManifest
from milepost.lower.gates import gates_of, health_checks, stage_of, wait
from milepost.lower.kubernetes_object import kubernetes_object
from milepost.lower.sync import dependencies, source_address, unit_name, unit_objects
from milepost.model import kinds
from milepost.model.manifest import Manifest, ManifestTemplate
from milepost.model.plan import Plan

NAMESPACE = "flux-system"
SOURCE = "milepost"
SERVICE_ACCOUNT = "milepost"


def lower_delivery(plan: Plan, index: OutputIndex) -> Iterable[PlacedManifest | ManifestTemplate]:
    if plan.fleet.province.sync.engine != "flux":
        return
    origin = plan.fleet.province.origin
    yield PlacedManifest(
        "sync/source.yaml",
        Manifest(_source(plan), origin, "the province pulls its own tree and nothing else"),
    )
    for body in _identity(plan):
        yield PlacedManifest("sync/identity.yaml", Manifest(body, origin, "who applies the province's tree"))
    yield from unit_objects(
        plan,
        index,
        lambda unit, one: _kustomization(unit, plan, gates_of(plan, one)),
        lambda unit: tuple(gates_of(plan, unit)),
    )


def _source(plan: Plan) -> dict[str, Any]:
    sync = plan.fleet.province.sync
    source, (url, reference) = sync.source, source_address(plan)
    oci = source.kind == kinds.OCI_REPOSITORY.name
    spec: dict[str, Any] = {
        "interval": "5m",
        "timeout": source.timeout,
        "url": url,
        "ref": {"tag" if oci else "branch": reference},
        "secretRef": {"name": source.secret} if source.secret else None,
        "proxySecretRef": {"name": source.proxy_secret} if source.proxy_secret else None,
    }
    return kubernetes_object(
        kinds.named(source.kind),
        SOURCE,
        namespace=NAMESPACE,
        spec={key: value for key, value in spec.items() if value is not None},
    )


def _kustomization(unit: str, plan: Plan, gates: Iterable[str]) -> dict[str, Any]:
    sync = plan.fleet.province.sync
    spec: dict[str, Any] = {
        "interval": sync.interval,
        "retryInterval": sync.retry_interval,
        "timeout": sync.timeout,
        "path": f"./{unit}",
        "prune": True,
        "wait": False,
        # Deleting a Kustomization must never stop a lane: a unit is emptied first, then dropped.
        "deletionPolicy": "Orphan",
        "serviceAccountName": SERVICE_ACCOUNT,
        "sourceRef": {"kind": sync.source.kind, "name": SOURCE},
    }
    if (stage := stage_of(plan, unit)) is not None:
        spec |= {"wait": True, "timeout": wait(stage), "deletionPolicy": "Delete"}
        spec["healthCheckExprs"] = health_checks(plan)
    if before := [*dependencies(unit), *gates]:
        spec["dependsOn"] = [{"name": unit_name(other)} for other in before]
    return kubernetes_object(kinds.FLUX_KUSTOMIZATION, unit_name(unit), namespace=NAMESPACE, spec=spec)


def _identity(plan: Plan) -> list[dict[str, Any]]:
    """A service account that may write what Milepost renders, and nothing else."""
    every = ["get", "list", "watch", "create", "update", "patch", "delete"]
    engine = plan.fleet.province.prepull.engine
    written = [kind for kind in kinds.applied(kinds.Agent.WRITES) if kind.prepull in ("", engine)]
    # RBAC lets nobody grant what he does not hold, unless he may bind or escalate.
    granted = kinds.applied(kinds.Agent.GRANTS)
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
