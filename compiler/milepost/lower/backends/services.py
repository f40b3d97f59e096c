"""Services: one per component with ports, closed to KubeEdge's node group through EdgeMesh."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from milepost.lower.pod import selector_labels, service_labels
from milepost.lower.scope import PART_OF, GroupScope, ProvinceScope, Scope, StationScope
from milepost.model import kinds
from milepost.model.fleet import Component
from milepost.model.manifest import Manifest
from milepost.model.objects import kubernetes_object
from milepost.model.plan import GroupClass, StationClass, Workload

TOPOLOGY = {"apps.kubeedge.io/service-topology": "range-nodegroup"}
"""EdgeMesh then sees the addresses of its own node group alone."""


def lower_station(station_class: StationClass, scope: StationScope) -> Iterable[Manifest]:
    return _services(station_class.workloads, scope)


def lower_group(group_class: GroupClass, scope: GroupScope) -> Iterable[Manifest]:
    return _services(group_class.workloads, scope)


def lower_cloud(workloads: Iterable[Workload], scope: ProvinceScope) -> Iterable[Manifest]:
    return _services(workloads, scope)


def _services(workloads: Iterable[Workload], scope: Scope) -> Iterator[Manifest]:
    made: set[str] = set()
    for workload in workloads:
        for component in scope.plan.members(workload):
            # Nothing is reached at a Job: it runs and ends.
            if not component.settings.ports or not component.settings.service or workload.kind in kinds.BATCH:
                continue
            if workload.kind == kinds.STATEFUL_SET.name and component.name == workload.members[0]:
                # EdgeMesh does not serve headless Services: every instance has a Service of its own.
                name, selector = scope.name(workload.stem), selector_labels(workload, scope)
            else:
                name = scope.name(f"{component.application}-{component.name}")
                selector = service_labels(workload, scope)
            # Variants for architectures share the name: a caller does not care what the node is
            # built from.
            if name not in made:
                made.add(name)
                yield _service(name, selector, component, scope)


def _service(name: str, selector: dict[str, str], component: Component, scope: Scope) -> Manifest:
    body = kubernetes_object(
        kinds.SERVICE,
        name,
        namespace=scope.namespace,
        labels={
            "app.kubernetes.io/name": component.name,
            PART_OF: component.application,
            "app.kubernetes.io/managed-by": "milepost",
        },
        # Without node groups the annotation would make EdgeMesh compare labels that no node
        # has; it then takes all nodes for one group.
        annotations=TOPOLOGY if scope.on_the_edge and scope.plan.partition is not None else None,
        spec={
            "ports": [
                {"name": p.name, "port": p.port, "protocol": p.protocol, "targetPort": p.port}
                for p in component.settings.ports
            ],
            "selector": selector,
        },
    )
    return Manifest(body, component.origin.of("ports"), "a component with ports is reached by a name")
