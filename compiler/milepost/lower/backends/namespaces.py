"""Namespaces of station groups: namespace and quota; network policies, and who may operate it.

In two units, since a large province has some 150 groups and a unit should hold at most 500 objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from milepost.diagnostics import Sink
from milepost.lower import grouped
from milepost.lower.backend import OutputIndex, PlacedManifest
from milepost.lower.namespace_rights import OPERATOR, QUOTA, READER, role_binding
from milepost.lower.pod_security import Level
from milepost.model import kinds, layout
from milepost.model.fleet import StationGroup
from milepost.model.manifest import Manifest, ManifestTemplate, RepeatedItem, placeholder
from milepost.model.objects import kubernetes_object
from milepost.model.plan import Plan

_CALLER = RepeatedItem.named("address")


def lower_province(plan: Plan, sink: Sink) -> Iterable[PlacedManifest | ManifestTemplate]:
    groups = plan.fleet.province.groups
    cloud = [plan.fleet.province.rights] if plan.cloud.workloads else []
    every = [*cloud, *(group.rights for group in groups)]
    if any(rights.owners for rights in every):
        yield PlacedManifest(
            layout.PLATFORM_CLUSTER.path(unit="access"), Manifest(_operator(), plan.fleet.province.origin)
        )
    if any(rights.looking for rights in every):
        yield PlacedManifest(
            layout.PLATFORM_CLUSTER.path(unit="access"), Manifest(_reader(), plan.fleet.province.origin)
        )


def lower_namespaces(plan: Plan, index: OutputIndex) -> Iterable[ManifestTemplate]:
    """With the Pod Security level that the pods of each need: what an API server demands by default may be less."""
    groups = plan.fleet.province.groups

    def level(group: StationGroup) -> Level:
        # Without pods there is nothing that the strictest level would refuse.
        return index.levels.get(group.name, Level.RESTRICTED)

    def callers(group: StationGroup) -> str:
        return RepeatedItem.joined(_addresses(group) if group.name in index.host_network else ())

    # Apart from `platform/base`, which everything waits for: a refused RoleBinding must not
    # hold up namespaces.
    yield from grouped.templates(
        groups,
        _platform("access"),
        _holders,
        _access,
        lambda group: {**_teams(group), _CALLER: callers(group)},
    )
    yield from grouped.templates(
        groups,
        _platform("base"),
        lambda group: (_budget(group), level(group)),
        lambda group: _base(group, plan, level(group)),
    )


def _platform(unit: str) -> layout.PathPattern:
    return layout.PathPattern(layout.PLATFORM_GROUP.replace("{unit}", unit))


def _budget(group: StationGroup) -> tuple[tuple[str, str], ...]:
    """What a namespace may use, in Kubernetes' words."""
    return tuple((name, str(group.budgets[key].value)) for key, name in QUOTA.items() if key in group.budgets)


def _base(group: StationGroup, plan: Plan, level: Level) -> Iterator[Manifest]:
    yield Manifest(
        kubernetes_object(
            kinds.NAMESPACE,
            grouped.GROUP,
            labels={f"{plan.fleet.catalog.label_domain}/station-group": grouped.GROUP, **level.labels},
        ),
        group.origin,
        "a station group is the unit of blast radius, so it has a namespace of its own",
    )
    if hard := dict(_budget(group)):
        quota = kubernetes_object(
            kinds.RESOURCE_QUOTA, "budget", namespace=grouped.GROUP, spec={"hard": hard}
        )
        yield Manifest(quota, group.origin, "the budgets that hold for the group")


def _access(group: StationGroup) -> Iterator[Manifest]:
    yield Manifest(_network_policy(), group.origin, "only pods of the same station group may connect")
    owners, readers = (_numbered(*each) for each in _bound(group).items())
    if owners:
        binding = role_binding("owners", OPERATOR, map(placeholder, owners), grouped.GROUP)
        yield Manifest(binding, group.origin, "the owners of the group may operate it")
    if readers:
        binding = role_binding("readers", READER, map(placeholder, readers), grouped.GROUP)
        yield Manifest(binding, group.origin, "who may look at the group, and nothing else")


def _bound(group: StationGroup) -> dict[str, tuple[str, ...]]:
    """Teams by the word that their placeholders begin with."""
    return {"owner": group.rights.owners, "reader": group.rights.looking}


def _holders(group: StationGroup) -> tuple[int, ...]:
    """How many teams hold each right: groups of equal counts have objects of one shape."""
    return tuple(map(len, _bound(group).values()))


def _teams(group: StationGroup) -> dict[str, str]:
    owners, readers = (_numbered(*each) for each in _bound(group).items())
    return owners | readers


def _addresses(group: StationGroup) -> list[str]:
    """The addresses that pods on their node's own network call from: no label of theirs shows in their packets."""
    rows = [node.row for station in group.stations for node in station.nodes]
    return sorted({row.address for row in rows if row.address})


def _numbered(word: str, each: Iterable[str]) -> dict[str, str]:
    return {f"{word}.{number}": text for number, text in enumerate(each)}


def _network_policy() -> dict[str, Any]:
    caller = RepeatedItem(_CALLER, {"ipBlock": {"cidr": f"{placeholder(_CALLER)}/32"}})
    return kubernetes_object(
        kinds.NETWORK_POLICY,
        "within-station-group",
        namespace=grouped.GROUP,
        spec={
            "podSelector": {},
            # Egress stays open: pods call services outside the cluster, whose addresses no spec
            # holds.
            "policyTypes": ["Ingress"],
            "ingress": [{"from": [{"podSelector": {}}, caller]}],
        },
    )


def _operator() -> dict[str, Any]:
    """Reads everything of the namespace but Secrets, and restarts pods; changes go through Git.

    Resources are named one by one: with ``*`` reading would include Secrets, and a shell in every pod, since the right
    to get ``pods/exec`` opens one. They are what a group's unit holds, and what the cluster makes of it.
    """
    restarts = {"apiGroups": [""], "resources": ["pods"], "verbs": ["delete"]}
    return kubernetes_object(kinds.CLUSTER_ROLE, OPERATOR, rules=[*_reads(), restarts])


def _reader() -> dict[str, Any]:
    """The same read access as an operator, without any right to change."""
    return kubernetes_object(kinds.CLUSTER_ROLE, READER, rules=_reads())


def _reads() -> list[dict[str, Any]]:
    return [
        {"apiGroups": [group], "resources": resources, "verbs": ["get", "list", "watch"]}
        for group, resources in sorted(_readable().items())
    ]


def _readable() -> dict[str, list[str]]:
    """API group to resources, sorted."""
    held = [
        kind
        for kind in kinds.applied(kinds.AgentRights.WRITES)
        if not kind.cluster_scoped and not kind.prepull
    ]
    return {
        group: sorted([*resources, *_MADE.get(group, ())])
        for group, resources in kinds.resources(held).items()
    }


_MADE = {"": ("endpoints", "events", "pods", "pods/log"), "apps": ("replicasets",)}
"""What the cluster makes of a group's objects."""
