"""PriorityClasses: which pods go first when a node runs short. None makes the scheduler evict another: all have their place,
and a pod that waits for the one it follows would else push a neighbour out.
"""

from __future__ import annotations

from collections.abc import Iterable

from milepost.diagnostics import Sink
from milepost.lower.backend import PlacedManifest
from milepost.lower.pod import PRIORITIES
from milepost.model import kinds, layout
from milepost.model.manifest import Manifest
from milepost.model.objects import kubernetes_object
from milepost.model.plan import Plan

_MEANS = {
    "critical": "Lanes and gantries: the last to be evicted",
    "normal": "Services of a station",
    "background": "Collectors and the like: the first to be evicted",
}


def lower_province(plan: Plan, sink: Sink) -> Iterable[PlacedManifest]:
    for priority, value in PRIORITIES.items():
        body = kubernetes_object(
            kinds.PRIORITY_CLASS,
            f"milepost-{priority}",
            value=value,
            # A default would also hold for pods that are not Milepost's.
            globalDefault=False,
            preemptionPolicy="Never",
            description=_MEANS[priority],
        )
        yield PlacedManifest(
            layout.PLATFORM_CLUSTER.path(unit="base"), Manifest(body, plan.fleet.catalog.origin)
        )
