"""Pre-pull by KubeEdge ImagePrePullJobs: CloudCore tells the nodes to pull, EdgeCore pulls through the runtime.

Every field is written: what is left out means no timeout, no tolerance and one node at a time, whatever the CRD says.
Credentials are containerd's own business: `imageSecrets` decodes a standard Secret to an anonymous pull.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from milepost.diagnostics import Sink
from milepost.lower.pull_orders import PullOrder, templates
from milepost.model import kinds
from milepost.model.manifest import ManifestTemplate
from milepost.model.objects import kubernetes_object
from milepost.model.plan import Plan
from milepost.model.versions.kubeedge import served


def lower_province(plan: Plan, sink: Sink) -> Iterable[ManifestTemplate]:
    yield from templates(plan, "kubeedge", _jobs)


def _jobs(order: PullOrder) -> Iterator[dict[str, Any]]:
    template = {**_nodes(order), **_settings(order)}
    kind = served(kinds.IMAGE_PREPULL_JOB, order.plan.fleet.province.cluster.kubeedge)
    # A job of one API version is never picked up by the other, so an upgrade gives it another name.
    content = template if kind is kinds.IMAGE_PREPULL_JOB else {"apiVersion": kind.api_version, **template}
    yield kubernetes_object(
        kind,
        order.name(content),
        annotations=order.annotations,
        labels=order.labels,
        spec={"imagePrePullTemplate": template},
    )


def _nodes(order: PullOrder) -> dict[str, Any]:
    found: dict[str, Any] = {"images": list(order.job.images)}
    # Either names or a selector: KubeEdge fails a job that has both, or neither.
    if order.job.names:
        return found | {"nodeNames": list(order.job.names)}
    selector = {"matchLabels": order.match_labels(), "matchExpressions": order.match_expressions()}
    return found | {"labelSelector": selector}


def _settings(order: PullOrder) -> dict[str, Any]:
    settings = order.plan.fleet.province.prepull
    return {
        "checkItems": list(settings.checks),
        "concurrency": order.job.places,
        # A text, as the CRD wants it. Left out it is 0 and not the 0.1 of the comments, and one
        # node that is off would fail the whole wave.
        "failureTolerate": order.tolerated,
        "retryTimes": settings.retry_times,
        # Left out there is no limit at all, and a lost answer would keep the job, and with it
        # the gate, in progress for ever.
        "timeoutSeconds": order.stage.timeout,
    }
