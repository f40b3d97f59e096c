"""KubeEdge NodeGroups: by one label of our own domain that every node carries, so they never overlap.

Never by a list of nodes: a node that joins later would be in no group, or by chance in a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from milepost.diagnostics import Sink
from milepost.lower import grouped
from milepost.lower.scope import StationScope
from milepost.model import kinds, layout
from milepost.model.fleet import StationGroup
from milepost.model.manifest import Manifest, ManifestTemplate, placeholder
from milepost.model.objects import kubernetes_object
from milepost.model.plan import Plan, StationClass


def lower_province(plan: Plan, sink: Sink) -> Iterable[ManifestTemplate]:
    """One file per station group, where station groups are the partition."""
    partition = plan.partition
    if plan.fleet.catalog.partition != "station-group" or partition is None:
        return ()

    def manifests(group: StationGroup) -> Iterable[Manifest]:
        body = _node_group(grouped.GROUP, partition.label)
        yield Manifest(body, group.origin, "KubeEdge's partition follows station groups")

    return grouped.templates(plan.fleet.province.groups, layout.NODE_GROUP, lambda group: None, manifests)


def lower_station(station_class: StationClass, scope: StationScope) -> Iterable[Manifest]:
    """In the station's own file, where stations are the partition: a province has too many for one unit."""
    partition = scope.plan.partition
    if scope.plan.fleet.catalog.partition == "station" and partition is not None:
        origin = station_class.stations[0].origin
        yield Manifest(
            _node_group(placeholder("station"), partition.label),
            origin,
            "KubeEdge's partition follows stations",
        )


def _node_group(name: str, label: str) -> dict[str, Any]:
    # `matchLabels` is never empty: KubeEdge takes an empty one for "every node", the control
    # plane's included. `topologyEnabled` stays out; it would write a zone label onto nodes.
    return kubernetes_object(kinds.NODE_GROUP, name, spec={"matchLabels": {label: name}})
