"""Empty station groups: a unit without objects cannot be built, so a group in which nothing runs keeps one object."""

from __future__ import annotations

from collections.abc import Iterable

from milepost.diagnostics import Sink
from milepost.lower.backend import PlacedManifest
from milepost.model import kinds, layout
from milepost.model.manifest import Manifest
from milepost.model.objects import kubernetes_object
from milepost.model.plan import Plan


def lower_province(plan: Plan, sink: Sink) -> Iterable[PlacedManifest]:
    busy = {s.group for c in plan.placement.station_classes if c.workloads for s in c.stations}
    busy |= {group.name for c in plan.placement.group_classes if c.workloads for group in c.groups}
    for group in plan.fleet.province.groups:
        # Kustomize calls a kustomization without resources an error, so the unit of an empty
        # group would stay not ready for ever.
        if group.name not in busy:
            body = kubernetes_object(
                kinds.CONFIG_MAP,
                "station-group",
                namespace=group.name,
                labels={"app.kubernetes.io/managed-by": "milepost"},
                data={"road": group.road.code},
            )
            manifest = Manifest(body, group.origin, "nothing runs here, and a unit needs an object")
            yield PlacedManifest(layout.EMPTY.path(group=group.name), manifest)
