"""Local PersistentVolumes and their claims, for StatefulSets whose instance is pinned to a node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from milepost.diagnostics import Sink
from milepost.lower.backend import PlacedManifest
from milepost.lower.scope import StationScope
from milepost.model import kinds, layout
from milepost.model.fleet import Component
from milepost.model.manifest import Manifest, placeholder
from milepost.model.objects import kubernetes_object
from milepost.model.plan import Plan, StationClass, Workload

STORAGE_CLASS = "milepost-local"


def lower_province(plan: Plan, sink: Sink) -> Iterable[PlacedManifest]:
    for component in plan.fleet.components.values():
        if any(v.local for v in component.settings.volumes):
            body = kubernetes_object(
                kinds.STORAGE_CLASS,
                STORAGE_CLASS,
                provisioner="kubernetes.io/no-provisioner",
                # Bound when the pod is scheduled: bound at once, a claim ties the pod to a node
                # before its other demands are looked at.
                volumeBindingMode="WaitForFirstConsumer",
                reclaimPolicy="Retain",
                # Nothing resizes a directory, but without this the API server refuses a claim that asks for
                # more, and with it the whole unit.
                allowVolumeExpansion=True,
            )
            return [
                PlacedManifest(
                    layout.PLATFORM_CLUSTER.path(unit="base"), Manifest(body, component.origin.of("volumes"))
                )
            ]
    return []


def lower_station(station_class: StationClass, scope: StationScope) -> Iterator[Manifest]:
    for workload in station_class.workloads:
        for component in scope.plan.members(workload):
            yield from _volumes(component, workload, scope)


def _volumes(component: Component, workload: Workload, scope: StationScope) -> Iterator[Manifest]:
    for index, volume in enumerate(component.settings.volumes):
        # Only a pinned instance knows the node that its path lies on.
        if volume.local is None or workload.pin is None:
            continue
        name = f"{scope.name(f'{workload.stem}-{component.name}')}-{volume.name}"
        origin = component.origin.of("volumes", index)
        pin = {
            "key": "kubernetes.io/hostname",
            "operator": "In",
            "values": [placeholder(f"node.{workload.pin}")],
        }
        volume_body = kubernetes_object(
            kinds.PERSISTENT_VOLUME,
            f"{placeholder('group')}-{name}",
            spec={
                "capacity": {"storage": volume.local.size},
                "accessModes": ["ReadWriteOnce"],
                # Bound from both sides: a volume without a claimRef could be taken by another claim of its size.
                "claimRef": {"namespace": scope.namespace, "name": name},
                # Nothing deletes a local path for us, and "Delete" without a provisioner leaves the volume Failed.
                "persistentVolumeReclaimPolicy": "Retain",
                "storageClassName": STORAGE_CLASS,
                "local": {"path": volume.local.path},
                "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [pin]}]}},
            },
        )
        claim_body = kubernetes_object(
            kinds.PERSISTENT_VOLUME_CLAIM,
            name,
            namespace=scope.namespace,
            spec={
                "accessModes": ["ReadWriteOnce"],
                "storageClassName": STORAGE_CLASS,
                "volumeName": f"{placeholder('group')}-{name}",
                "resources": {"requests": {"storage": volume.local.size}},
            },
        )
        yield Manifest(volume_body, origin, "the directory of the node that holds the data")
        yield Manifest(claim_body, origin, "binds the pinned instance to the directory of its node")
