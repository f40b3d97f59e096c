"""Namespace of the cloud side: where the province's own components stand, what they may use, who may reach and operate them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from milepost.diagnostics import Sink
from milepost.lower.backend import OutputIndex, PlacedManifest
from milepost.lower.namespace_rights import OPERATOR, QUOTA, READER, role_binding
from milepost.lower.pod_security import Level
from milepost.model import kinds, layout
from milepost.model.cloud_side import NAMESPACE
from milepost.model.manifest import Manifest
from milepost.model.objects import kubernetes_object
from milepost.model.plan import Plan

_ACCESS, _BASE = (layout.PLATFORM_CLOUD.path(unit=unit) for unit in ("access", "base"))


def lower_province(plan: Plan, sink: Sink) -> Iterator[PlacedManifest]:
    if not plan.cloud.workloads:
        return
    province = plan.fleet.province
    policy = _network_policy(plan.fleet.catalog.label_domain)
    reason = "its own pods and those of the province's stations may connect"
    yield PlacedManifest(_ACCESS, Manifest(policy, province.origin, reason))
    for name, role, teams in (
        ("owners", OPERATOR, province.rights.owners),
        ("readers", READER, province.rights.looking),
    ):
        if teams:
            body = role_binding(name, role, teams, NAMESPACE)
            yield PlacedManifest(_ACCESS, Manifest(body, province.origin, f"the {name} of the province"))


def lower_namespaces(plan: Plan, index: OutputIndex) -> Iterator[PlacedManifest]:
    if not plan.cloud.workloads:
        return
    province = plan.fleet.province
    labels = index.levels.get(NAMESPACE, Level.RESTRICTED).labels
    reason = "components of the province have a namespace of their own, beside those of its station groups"
    namespace = kubernetes_object(kinds.NAMESPACE, NAMESPACE, labels=labels)
    yield PlacedManifest(_BASE, Manifest(namespace, province.origin, reason))
    budgets = province.cloud.budgets
    if hard := {name: str(budgets[key]) for key, name in QUOTA.items() if key in budgets}:
        quota = kubernetes_object(kinds.RESOURCE_QUOTA, "budget", namespace=NAMESPACE, spec={"hard": hard})
        at = province.origin.of("spec", "cloud", "budgets")
        yield PlacedManifest(_BASE, Manifest(quota, at, "the budgets of the cloud side"))


def _network_policy(domain: str) -> dict[str, Any]:
    stations = {"matchExpressions": [{"key": f"{domain}/station-group", "operator": "Exists"}]}
    return kubernetes_object(
        kinds.NETWORK_POLICY,
        "within-the-province",
        namespace=NAMESPACE,
        spec={
            "podSelector": {},
            "policyTypes": ["Ingress"],
            "ingress": [{"from": [{"podSelector": {}}, {"namespaceSelector": stations}]}],
        },
    )
