"""Cloud placement: the workloads of applications with ``place: province``, and whether its nodes and budgets hold them.

Their pods run in the province's cluster on nodes that are no edge nodes. What is not said of those nodes is not proved,
and the reason of each workload says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from milepost.diagnostics import Code, Related, Sink
from milepost.model import kinds
from milepost.model.fleet import Fleet
from milepost.model.plan import CloudPlacement, ImageBuilds, Workload
from milepost.model.pod_template import containers, draft
from milepost.model.province_settings import CloudSettings
from milepost.model.quantity import bytes_of, cores, millicores
from milepost.plan.capacity.cloud_pool import CloudLoad, short
from milepost.plan.capacity.pod_requests import silent
from milepost.plan.pass_order import Role
from milepost.plan.placement.pods import Pod
from milepost.plan.placement.station_solver import base_workload, split
from milepost.plan.placement.topology import pods

MP4060 = Code(
    "MP4060",
    "cloud nodes may not hold the pods",
    "`cloud.pool` of a Province says how many nodes there are for components with `place: province`, and what each has "
    "free. In the worst order that the scheduler may choose, a pod would wait for ever; or the nodes are of another kind "
    "than the component asks for; or with `survives` there are too few instances, each of which has a node of its own.",
    "kind: Province\nspec: {cloud: {pool: {nodes: 1, cpu: 4, memory: 8Gi}}}\n---\n"
    "kind: Application\nspec: {place: province, components: [{name: gateway, image: gateway, replicas: 2}]}\n",
)
MP4061 = Code(
    "MP4061",
    "cloud side exceeds its budget",
    "`cloud.budgets` of a Province become the ResourceQuota of the namespace `milepost-cloud`. When its pods reach a "
    "limit, Kubernetes refuses the next one; and where CPU or memory is limited, every pod of which a container states "
    "none. So all pods must fit, and one more for each that starts before the old one goes.",
    "kind: Province\nspec: {cloud: {budgets: {pods: 1}}}\n",
)
_READ: Mapping[str, Callable[[Any], int]] = {"pods": int, "cpu": millicores, "memory": bytes_of}
ROLE = Role.DECIDES


def run(fleet: Fleet, images: ImageBuilds, sink: Sink) -> CloudPlacement:
    province = fleet.province
    every = [
        pod
        for application in fleet.catalog.applications
        if application.runs_in(province.name)
        for pod in pods(application, images.platforms, images.builds, fleet.catalog.label_domain, sink)
    ]
    loads = [_load(pod, every) for pod in every]
    for pod, load in zip(every, loads, strict=True):
        if (why := _problem(pod, load, loads, province.cloud)) is not None:
            at = pod.main.origin.of("name")
            related = [Related("the province", province.origin.of("metadata", "name").span)]
            message = f'"{pod.main.name}" cannot run in province {province.name}: {why[0]}'
            sink.report(MP4060, message, at.span, related=related, hint=why[1])
    _check_budgets(fleet, every, loads, sink)
    return CloudPlacement(tuple([_workload(pod, province.cloud) for pod in every]))


def _surges(pod: Pod) -> bool:
    """Whether the new pod starts before the old one goes: a single instance that nothing keeps from its own node."""
    return (
        pod.main.workload == kinds.DEPLOYMENT.name and pod.replicas == 1 and not pod.listens and not pod.apart
    )


def _load(pod: Pod, every: Sequence[Pod]) -> CloudLoad:
    cron = pod.main.settings.cron
    # A Job that is replaced may still stop while its successor starts.
    again = pod.replicas if cron is not None and cron.concurrency_policy == "Replace" else 0
    own = [pod.label] if pod.replicas > 1 else []
    listening = [other.label for other in every if not other.listens.isdisjoint(pod.listens)]
    avoids = frozenset([*pod.apart, *own, *listening])
    return CloudLoad(pod.label, pod.replicas + again + _surges(pod), pod.request, avoids)


def _workload(pod: Pod, cloud: CloudSettings) -> Workload:
    base = base_workload(pod, "province")
    variant = pod.platforms[0] if split(pod) and pod.platforms else None
    each = ", each on a node of its own" if pod.replicas > 1 else ""
    proof = (
        f"its {cloud.pool.nodes} nodes have room in any order"
        if cloud.pool
        else "that they find room is not proved, since the Province gives no cloud.pool"
    )
    reason = f"runs in the province's cluster, on no edge node{each}; {proof}"
    return replace(base, variant=variant, surge=_surges(pod), reason=reason)


def _problem(
    pod: Pod, load: CloudLoad, loads: Sequence[CloudLoad], cloud: CloudSettings
) -> tuple[str, str] | None:
    """What is wrong with the pod, and what would help."""
    if pod.survives >= pod.replicas:
        many = "1 instance runs" if pod.replicas == 1 else f"{pod.replicas} instances run"
        lost = "a lost node" if pod.survives == 1 else f"{pod.survives} lost nodes"
        return f"{many}, and none may be left after {lost}", "raise replicas"
    if split(pod) and len(pod.platforms) > 1:
        built = ", ".join(pod.platforms)
        return f"its image has a repository for each of {built}", "say nodes.architectures: one of them"
    for key, value in pod.terms.equal:
        if cloud.labels.get(key, value) != value:
            return (
                f"its nodes have {key}={value}, and those of the province {cloud.labels[key]}",
                "make nodes.labels and cloud.labels agree",
            )
    why = short(load, loads, cloud.pool) if cloud.pool else None
    return None if why is None else (why, "add nodes to cloud.pool, or lower replicas or requests")


def _check_budgets(fleet: Fleet, every: Sequence[Pod], loads: Sequence[CloudLoad], sink: Sink) -> None:
    cloud, at = fleet.province.cloud, fleet.province.origin.of("spec", "cloud", "budgets")
    used = {
        "pods": sum(load.most for load in loads),
        "cpu": sum(load.most * load.request.cpu for load in loads),
        "memory": sum(load.most * load.request.memory for load in loads),
    }
    for key, written in cloud.budgets.items():
        if used[key] > _READ[key](written):
            message = f"the cloud side may ask for {_said(key, used[key])}, and its budget is {written}"
            sink.report(MP4061, message, at.of(key).span, hint="raise it, or lower replicas or requests")
        for pod in every if key != "pods" else ():
            if (name := _silent(pod, key)) is not None:
                message = f'container "{name}" of "{pod.application.name}" states no {key}, and the quota refuses it'
                place = pod.main.origin.of("name")
                sink.report(
                    MP4061,
                    message,
                    place.span,
                    related=[Related("this budget makes the quota", at.of(key).span)],
                    hint=f"state resources.requests.{key}",
                )


def _silent(pod: Pod, key: str) -> str | None:
    spec = draft([(component.settings, component.pod) for component in pod.components])
    lacking = (c for c in containers(spec, "initContainers", "containers") if silent(c, key))
    return next((str(c.get("name")) for c in lacking), None)


def _said(key: str, amount: int) -> str:
    if key == "pods":
        return f"{amount} pods"
    return f"{cores(amount)} cores" if key == "cpu" else f"{-(-amount // 2**20)}Mi"
