"""Requirements: what the province's cluster and nodes must have that no tree brings along, and why.

Refuses nothing: whether it is there, only somebody who looks at the cluster knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from milepost.diagnostics import Sink
from milepost.model import requirements as table
from milepost.model.fleet import Component, Fleet
from milepost.model.plan import CloudPlacement, Partition, Placement
from milepost.model.registry_routing import RegistryRouting
from milepost.model.requirements import ClusterRequirements, Need, Reason, Requirement
from milepost.model.rollout import Prepulls
from milepost.plan.pass_order import Role
from milepost.plan.requirements.secret_names import secrets
from milepost.plan.requirements.service_names import placed, service_stems, uses

ROLE = Role.DECIDES
Found = Iterator[tuple[Requirement, Iterable[Reason]]]

_BY_ENGINE: Mapping[str, tuple[Requirement, ...]] = {
    "kubeedge": (table.CONTROLLER_MANAGER, table.CLOUD_TASKS, table.EDGE_TASKS),
    "kruise": (table.KRUISE, table.KRUISE_DAEMON, table.DYNAMIC_CONTROLLER, table.META_SERVER),
}


def run(
    fleet: Fleet,
    placement: Placement,
    cloud: CloudPlacement,
    registry: RegistryRouting,
    partition: Partition | None,
    prepulls: Prepulls,
    sink: Sink,
) -> ClusterRequirements:
    components = placed(placement.workloads(), fleet.components)
    of_cloud = placed(cloud.workloads, fleet.components)
    reasons: dict[Requirement, dict[str, Reason]] = {}
    for requirement, why in (
        *_of_province(fleet),
        *_of_services(components),
        *_of_groups(partition, components),
        *_of_prepulls(fleet, prepulls),
        *_of_registries(registry),
        *_of_upgrade(fleet),
        *_of_pods((*components, *of_cloud)),
        (table.SECRETS, secrets(fleet, registry, components, of_cloud)),
    ):
        for reason in why:
            reasons.setdefault(requirement, {}).setdefault(reason.words, reason)
    ordered = (row for row in table.REQUIREMENTS if row in reasons)
    return ClusterRequirements(tuple([Need(row, tuple(reasons[row].values())) for row in ordered]))


def _of_province(fleet: Fleet) -> Found:
    why = [Reason("pods are placed by labels")]
    yield table.NODE_LABELS, why
    yield table.NETWORK_POLICIES, [Reason("each station group is closed to the others")]


def _of_services(components: tuple[Component, ...]) -> Found:
    stems = service_stems(components)
    named = list(uses(components, stems))
    offered = [
        Reason(f"component with the Service {stem}", c.origin.of("ports")) for stem, c in stems.items()
    ]
    for requirement in (
        table.EDGEMESH,
        table.ISTIO,
        table.API_LABEL,
        table.DYNAMIC_CONTROLLER,
        table.META_SERVER,
        table.CLUSTER_DNS,
    ):
        yield requirement, named or offered


def _of_groups(partition: Partition | None, components: Iterable[Component]) -> Found:
    why = [Reason("nodes are parted into KubeEdge's node groups")] if partition else []
    why += [
        Reason(f"{c.application}/{c.name} is an EdgeApplication", c.origin.of("edgeApplication"))
        for c in components
        if c.settings.edge_application
    ]
    yield table.NODE_GROUPS, why
    yield table.CONTROLLER_MANAGER, why


def _of_prepulls(fleet: Fleet, prepulls: Prepulls) -> Found:
    releases = {pull.release.name: pull.release for pull in prepulls.waves}
    why = [
        Reason(f'release "{name}" pulls ahead', release.origin.of("spec"))
        for name, release in releases.items()
    ]
    for requirement in _BY_ENGINE.get(fleet.province.prepull.engine, ()):
        yield requirement, why


def _of_upgrade(fleet: Fleet) -> Found:
    upgrade = fleet.province.node_upgrade
    why = [] if upgrade is None else [Reason(f"nodes are upgraded to KubeEdge {upgrade.to}")]
    for requirement in (table.CONTROLLER_MANAGER, table.CLOUD_TASKS, table.EDGE_TASKS):
        yield requirement, why


def _of_registries(registry: RegistryRouting) -> Found:
    tiers = {chain[0].tier for site in registry.sites() for chain in registry.hosts(site)}
    yield (
        table.CONTAINERD,
        [
            Reason(f'nodes ask registry tier "{tier.name}"', tier.origin)
            for tier in sorted(tiers, key=lambda t: t.name)
        ],
    )
    for mirror in registry.mirrors:
        settings = mirror.hop.tier.settings.mirror
        if settings is not None and settings.storage.storage_class:
            words = f'{settings.storage.storage_class}, for registry tier "{mirror.hop.tier.name}"'
            yield table.STORAGE_CLASS, [Reason(words, mirror.hop.tier.origin, settings.storage.storage_class)]


def _of_pods(components: Iterable[Component]) -> Found:
    why = [
        Reason(f"a container of {c.application}/{c.name} is privileged", c.origin)
        for c in components
        if _privileged(c.settings.patch) or _privileged(c.pod)
    ]
    yield table.PRIVILEGED, why


def _privileged(node: Any) -> bool:
    if isinstance(node, Mapping):
        return node.get("privileged") is True or any(map(_privileged, node.values()))
    return isinstance(node, list | tuple) and any(map(_privileged, node))
