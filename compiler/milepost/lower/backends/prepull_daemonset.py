"""Pre-pull by DaemonSet, for plain Kubernetes: its pods start once from each image, and then wait.

A Job could not do it: of a Job's pods nothing says that each node gets one. The images need no program of their own: a
static BusyBox from the helper's image is started in each. While the pods wait, the kubelet counts their images as used
and removes none of them. All nodes pull at once; what fails is tried again until the gate's time is up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from milepost.diagnostics import Sink
from milepost.lower.backend import PlacedManifest
from milepost.lower.pod import TOLERATIONS
from milepost.lower.pull_orders import NAMESPACE, PullOrder, namespace, templates
from milepost.lower.scope import EDGE
from milepost.model import kinds, layout
from milepost.model.manifest import ManifestTemplate
from milepost.model.objects import kubernetes_object
from milepost.model.plan import ALL_NODES, Plan
from milepost.model.rollout import PULL_RESOURCES

_TOOL = "/milepost/busybox"


def lower_province(plan: Plan, sink: Sink) -> Iterable[PlacedManifest | ManifestTemplate]:
    if plan.fleet.province.prepull.engine == "daemonset":
        yield PlacedManifest(layout.PLATFORM_PREPULL.path(unit="base"), namespace(plan))
    yield from templates(plan, "daemonset", _daemon_sets)


def _daemon_sets(order: PullOrder) -> Iterator[dict[str, Any]]:
    pod = _pod(order)
    name = order.name(pod)
    labels = {f"{order.plan.fleet.catalog.label_domain}/prepull": name}
    yield kubernetes_object(
        kinds.DAEMON_SET,
        name,
        namespace=NAMESPACE,
        annotations=order.annotations,
        labels=labels | (order.labels or {}),
        spec={
            "revisionHistoryLimit": 1,
            "selector": {"matchLabels": labels},
            "updateStrategy": {
                "type": "RollingUpdate",
                # All nodes at once: nodes behind a cut line count as unavailable, and any
                # smaller number would let them hold up the pull of all others.
                "rollingUpdate": {"maxSurge": 0, "maxUnavailable": ALL_NODES},
            },
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    )


def _pod(order: PullOrder) -> dict[str, Any]:
    helper = _helper(order.plan)
    # Released images may have no shell (distroless), so each init container runs a static BusyBox put beside it.
    copy = _container("helper", helper, ["/bin/busybox", "cp", "/bin/busybox", _TOOL])
    pulls = [
        _container(f"image-{n}", image, [_TOOL, "true"]) for n, image in enumerate(order.job.images, start=1)
    ]
    # 68 years: not every build of BusyBox knows "sleep infinity".
    wait = _container("wait", helper, ["/bin/busybox", "sleep", "2147483647"])
    expressions = order.match_expressions()
    required = {"nodeSelectorTerms": [{"matchExpressions": expressions}]}
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "priorityClassName": "milepost-background",
        "terminationGracePeriodSeconds": 1,
        # Where nodes are named, labels add nothing, and a node whose labels changed since would
        # never start its pod.
        "nodeSelector": EDGE if order.job.names else order.match_labels(),
        "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}},
        "tolerations": TOLERATIONS,
        "initContainers": [copy, *pulls],
        "containers": [wait],
        # A static BusyBox takes one to two MiB. Without a limit a pod may fill the disk that
        # the images need.
        "volumes": [{"name": "tool", "emptyDir": {"sizeLimit": "8Mi"}}],
    }


def _container(name: str, image: str, command: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": command,
        "resources": PULL_RESOURCES,
        "volumeMounts": [{"name": "tool", "mountPath": "/milepost"}],
    }


def _helper(plan: Plan) -> str:
    helper = plan.fleet.province.prepull.helper
    assert helper is not None, "the spec asks for one with this engine"
    image = plan.fleet.catalog.images[helper.image]
    repository = image.repositories[""]
    return f"{repository}@{image.digest(helper.version, repository)}"
