"""Pre-pull by OpenKruise ImagePullJobs, one an image, where its daemon runs on the nodes.

`v1alpha1`, which every version serves. It needs the feature gates KruiseDaemon and ImagePullJobGate; at KubeEdge's
nodes the daemon has been seen not to reach the API server (openkruise/kruise#2238).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from milepost.diagnostics import Sink
from milepost.lower.backend import PlacedManifest
from milepost.lower.pull_orders import NAMESPACE, PullOrder, namespace, templates
from milepost.model import kinds, layout
from milepost.model.manifest import ManifestTemplate
from milepost.model.objects import kubernetes_object
from milepost.model.plan import Plan


def lower_province(plan: Plan, sink: Sink) -> Iterable[PlacedManifest | ManifestTemplate]:
    if plan.fleet.province.prepull.engine == "kruise":
        yield PlacedManifest(layout.PLATFORM_PREPULL.path(unit="base"), namespace(plan))
    yield from templates(plan, "kruise", _jobs)


def _jobs(order: PullOrder) -> Iterator[dict[str, Any]]:
    # An ImagePullJob holds one image. A job for each also gives the gate a status for each.
    for part, image in enumerate(order.job.images):
        spec = {
            "image": image,
            "imagePullPolicy": "IfNotPresent",
            "parallelism": order.job.places,
            "pullPolicy": {
                "timeoutSeconds": order.stage.timeout,
                "backoffLimit": order.plan.fleet.province.prepull.retry_times,
            },
            "selector": _selector(order),
            # `Never` goes on pulling for new nodes and has no end that a gate could wait for.
            # No `ttlSecondsAfterFinished`: the agent would make a job anew that removed itself.
            "completionPolicy": {"type": "Always", "activeDeadlineSeconds": order.stage.timeout},
        }
        yield kubernetes_object(
            kinds.IMAGE_PULL_JOB,
            order.name(spec, part),
            namespace=NAMESPACE,
            annotations=order.annotations,
            labels=order.labels,
            spec=spec,
        )


def _selector(order: PullOrder) -> dict[str, Any]:
    if order.job.names:
        return {"names": list(order.job.names)}
    return {"matchLabels": order.match_labels(), "matchExpressions": order.match_expressions()}
