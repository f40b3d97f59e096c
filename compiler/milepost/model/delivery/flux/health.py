"""Flux health checks of pre-pulls: expressions in CEL over the job as it stands.

Custom resources without such expressions count as done at once. Where CloudCore has several instances, each of them
calls the nodes that are not connected to it failed, so the phases of a job cannot be trusted; what nodes answered
themselves can: a node is done when all of its images are.
"""

from __future__ import annotations

from typing import Any

from milepost.model import kinds
from milepost.model.delivery.base import Delivery
from milepost.model.rollout import PullStage

_ALLOWANCE = 900
"""Seconds that an agent waits longer than the jobs themselves."""


def wait(stage: PullStage) -> str:
    """How long to wait for a stage, as Flux writes it."""
    return f"{(stage.timeout + _ALLOWANCE) // 60}m"


def health_checks(delivery: Delivery) -> list[dict[str, Any]]:
    """``spec.healthCheckExprs`` of a unit that pulls."""
    settings = delivery.province.prepull
    if settings.engine == "kubeedge":
        several = delivery.province.cluster.cloudcore_replicas > 1
        return [_judged(kinds.IMAGE_PREPULL_JOB, _BY_NODES if several else _BY_PHASE)]
    if settings.engine == "kruise":
        return [_judged(kinds.IMAGE_PULL_JOB, _by_counts(settings.failure_tolerate))]
    return [_judged(kinds.DAEMON_SET, _by_pods(settings.failure_tolerate))]


def _judged(kind: kinds.Kind, expressions: dict[str, str]) -> dict[str, Any]:
    return {"apiVersion": kind.api_version, "kind": kind.name} | expressions


_BY_PHASE = {
    "inProgress": "!has(status.phase) || status.phase in ['', 'Init', 'InProgress']",
    "failed": "status.phase == 'Failure'",
    "current": "status.phase == 'Completed'",
}

_ANSWERED = "has(n.imageStatus) && size(n.imageStatus) >= size(spec.imagePrePullTemplate.images)"
_DONE = f"size(status.nodeStatus.filter(n, {_ANSWERED} && n.imageStatus.all(i, i.status == 'True')))"
_ENOUGH = (
    f"double(size(status.nodeStatus) - {_DONE}) <= "
    "double(size(status.nodeStatus)) * double(spec.imagePrePullTemplate.failureTolerate) + 0.001"
)
_ANY = "has(status.nodeStatus) && size(status.nodeStatus) > 0"
_BY_NODES = {
    "failed": f"({_ANY}) ? (status.nodeStatus.all(n, {_ANSWERED}) && !({_DONE} > 0 && {_ENOUGH})) : "
    "(has(status.phase) && status.phase == 'Failure')",
    "current": f"{_ANY} && {_DONE} > 0 && {_ENOUGH}",
}


def _by_counts(tolerate: float) -> dict[str, str]:
    """A job completes when every node has succeeded or failed; jobs for named nodes fill mirrors and may fail."""
    succeeded = "(has(status.succeeded) ? status.succeeded : 0)"
    part = f"{tolerate:g} * double(status.desired)"
    enough = f"double(status.desired - {succeeded}) <= ({part} > 1.0 ? {part} : 1.0)"
    passed = f"(has(spec.selector.names) || {enough})"
    return {
        "inProgress": "!has(status.completionTime)",
        "failed": f"has(status.completionTime) && !{passed}",
        "current": f"has(status.completionTime) && {passed}",
    }


def _by_pods(tolerate: float) -> dict[str, str]:
    """A pod is ready when it has started from every image; it never fails for good, so the time limit ends it."""
    part = f"{tolerate:g} * double(status.desiredNumberScheduled)"
    missing = "double(status.desiredNumberScheduled - status.numberReady)"
    return {
        "current": f"status.numberReady > 0 && {missing} <= ({part} > 1.0 ? {part} : 1.0)",
    }
