"""The platform of each station group: namespace and quota; who may enter by network, who may operate it.

In two units, since a large province has some 150 groups and a unit should hold at most 500 objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from milepost.diagnostics import Sink
from milepost.lower.base import Placed
from milepost.lower.objects import PRUNE_GUARD, kubernetes_object
from milepost.model.fleet import StationGroup
from milepost.model.manifest import Manifest
from milepost.model.plan import Plan

OPERATOR = "milepost-station-operator"
_QUOTA = {"pods": "pods", "cpu": "requests.cpu", "memory": "requests.memory"}


def lower_province(plan: Plan, sink: Sink) -> Iterable[Placed]:
    groups = plan.fleet.province.groups
    if any(group.owners for group in groups):
        yield Placed("platform/access/cluster.yaml", Manifest(_operator(), plan.fleet.province.origin))
    for group in groups:
        for unit, objects in (("base", _base(group, plan)), ("access", _access(group))):
            for body, reason in objects:
                yield Placed(f"platform/{unit}/{group.name}.yaml", Manifest(body, group.origin, reason))


def _base(group: StationGroup, plan: Plan) -> Iterator[tuple[dict[str, Any], str]]:
    domain = plan.fleet.catalog.label_domain
    yield (
        kubernetes_object(
            "v1",
            "Namespace",
            group.name,
            labels={f"{domain}/station-group": group.name},
            annotations=PRUNE_GUARD,
        ),
        "a station group is the unit of blast radius, so it has a namespace of its own",
    )
    hard = {name: str(group.budgets[key].value) for key, name in _QUOTA.items() if key in group.budgets}
    if hard:
        yield (
            kubernetes_object("v1", "ResourceQuota", "budget", namespace=group.name, spec={"hard": hard}),
            "the budgets that hold for the group",
        )


def _access(group: StationGroup) -> Iterator[tuple[dict[str, Any], str]]:
    yield _network_policy(group), "only pods of the same station group may connect"
    if group.owners:
        yield _owners(group), "the owners of the group may operate it"


def _network_policy(group: StationGroup) -> dict[str, Any]:
    return kubernetes_object(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "within-station-group",
        namespace=group.name,
        spec={"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{"from": [{"podSelector": {}}]}]},
    )


def _owners(group: StationGroup) -> dict[str, Any]:
    api = "rbac.authorization.k8s.io"
    return kubernetes_object(
        f"{api}/v1",
        "RoleBinding",
        "owners",
        namespace=group.name,
        roleRef={"apiGroup": api, "kind": "ClusterRole", "name": OPERATOR},
        subjects=[{"apiGroup": api, "kind": "Group", "name": owner} for owner in group.owners],
    )


def _operator() -> dict[str, Any]:
    """Reads everything of the namespace but Secrets, and restarts pods; changes go through Git.

    Resources are named one by one: with ``*`` reading would include Secrets, and a shell in every pod, since the right
    to get ``pods/exec`` opens one.
    """
    return kubernetes_object(
        "rbac.authorization.k8s.io/v1",
        "ClusterRole",
        OPERATOR,
        rules=[
            {"apiGroups": [group], "resources": list(resources), "verbs": ["get", "list", "watch"]}
            for group, resources in _READS.items()
        ]
        + [{"apiGroups": [""], "resources": ["pods"], "verbs": ["delete"]}],
    )


_READS = {
    "": (
        "configmaps",
        "endpoints",
        "events",
        "persistentvolumeclaims",
        "pods",
        "pods/log",
        "resourcequotas",
        "services",
    ),
    "apps": ("daemonsets", "deployments", "replicasets", "statefulsets"),
    "apps.kubeedge.io": ("edgeapplications",),
    "batch": ("jobs",),
    "networking.k8s.io": ("networkpolicies",),
}
