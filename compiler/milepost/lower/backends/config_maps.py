"""ConfigMaps: the config files of a component, filled for its station."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from milepost.lower.scope import PART_OF, GroupScope, ProvinceScope, Scope, StationScope
from milepost.model import kinds
from milepost.model.fleet import Component
from milepost.model.manifest import Manifest
from milepost.model.objects import kubernetes_object
from milepost.model.plan import GroupClass, StationClass, Workload


def lower_station(station_class: StationClass, scope: StationScope) -> Iterable[Manifest]:
    return _config_maps(station_class.workloads, scope)


def lower_group(group_class: GroupClass, scope: GroupScope) -> Iterable[Manifest]:
    return _config_maps(group_class.workloads, scope)


def lower_cloud(workloads: Iterable[Workload], scope: ProvinceScope) -> Iterable[Manifest]:
    return _config_maps(workloads, scope)


def _config_maps(workloads: Iterable[Workload], scope: Scope) -> Iterator[Manifest]:
    # One component may stand in several workloads (one for each architecture or instance); they
    # share one ConfigMap of the same name.
    done: set[tuple[str, str]] = set()
    for workload in workloads:
        for component in scope.plan.members(workload):
            key = (component.application, component.name)
            if component.settings.files and key not in done and workload.kind != kinds.EDGE_APPLICATION.name:
                done.add(key)
                yield _config_map(component, scope)


def _config_map(component: Component, scope: Scope) -> Manifest:
    data = {
        file.key: scope.text(
            component.templates[file.path],
            component,
            component.origin.of("files", index, "template" if file.template else "content"),
        )
        for index, file in enumerate(component.settings.files)
    }
    body = kubernetes_object(
        kinds.CONFIG_MAP,
        scope.name(f"{component.application}-{component.name}"),
        namespace=scope.namespace,
        labels={
            "app.kubernetes.io/name": component.name,
            PART_OF: component.application,
            "app.kubernetes.io/managed-by": "milepost",
        },
        data=data,
    )
    return Manifest(body, component.origin.of("files"), "holds the config files of the component")
