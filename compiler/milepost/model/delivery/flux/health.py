"""Flux health checks of pre-pulls: expressions in CEL over the job as it stands.

Custom resources without such expressions count as done at once. Where CloudCore has several instances, each of them
calls the nodes that are not connected to it failed, so the phases of a job cannot be trusted; what nodes answered
themselves can: a node is done when all of its images are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from milepost.model import kinds
from milepost.model.delivery.base import Delivery
from milepost.model.rollout import PullStage
from milepost.model.versions.kubeedge import served

_ALLOWANCE = 900
"""Seconds that an agent waits longer than the jobs themselves."""


def wait(stage: PullStage) -> str:
    """How long to wait for a stage, as Flux writes it."""
    # Longer than the jobs' own limit: a gate that ends first would report a timeout in place of
    # the nodes that failed.
    return f"{(stage.timeout + _ALLOWANCE) // 60}m"


def health_checks(delivery: Delivery) -> list[dict[str, Any]]:
    """``spec.healthCheckExprs`` of a unit that pulls."""
    settings = delivery.province.prepull
    if settings.engine == "kubeedge":
        cluster = delivery.province.cluster
        job = served(kinds.IMAGE_PREPULL_JOB, cluster.kubeedge)
        words = _V1ALPHA2 if job is kinds.IMAGE_PREPULL_JOB else _V1ALPHA1
        return [_judged(job, (_by_nodes if cluster.cloudcore_replicas > 1 else _by_phase)(words))]
    if settings.engine == "kruise":
        return [_judged(kinds.IMAGE_PULL_JOB, _by_counts(settings.failure_tolerate))]
    return [_judged(kinds.DAEMON_SET, _by_pods(settings.failure_tolerate))]


def _judged(kind: kinds.Kind, expressions: dict[str, str]) -> dict[str, Any]:
    return {"apiVersion": kind.api_version, "kind": kind.name} | expressions


class _Words(NamedTuple):
    """What a version of the jobs' API calls the state of a job, the answers of its nodes, and an image that is there."""

    phase: str
    running: str
    completed: str
    failed: str
    nodes: str
    pulled: str


_V1ALPHA1 = _Words(
    "status.state",
    "!(status.state in ['Successful', 'Failed'])",
    "Successful",
    "Failed",
    "status.status",
    "i.state == 'Successful'",
)
_V1ALPHA2 = _Words(
    "status.phase",
    "status.phase in ['', 'Init', 'InProgress']",
    "Completed",
    "Failure",
    "status.nodeStatus",
    "i.status == 'True'",
)


def _by_phase(words: _Words) -> dict[str, str]:
    return {
        "inProgress": f"!has({words.phase}) || {words.running}",
        "failed": f"{words.phase} == '{words.failed}'",
        "current": f"{words.phase} == '{words.completed}'",
    }


def _by_nodes(words: _Words) -> dict[str, str]:
    nodes = words.nodes
    # By number: a node that has answered for one of three images is not done.
    answered = "has(n.imageStatus) && size(n.imageStatus) >= size(spec.imagePrePullTemplate.images)"
    done = f"size({nodes}.filter(n, {answered} && n.imageStatus.all(i, {words.pulled})))"
    enough = (
        f"double(size({nodes}) - {done}) <= "
        # The small addend is for what `0.1 * 30` comes to in binary.
        f"double(size({nodes})) * double(spec.imagePrePullTemplate.failureTolerate) + 0.001"
    )
    known = f"has({nodes}) && size({nodes}) > 0"
    return {
        "failed": f"({known}) ? ({nodes}.all(n, {answered}) && !({done} > 0 && {enough})) : "
        f"(has({words.phase}) && {words.phase} == '{words.failed}')",
        "current": f"{known} && {done} > 0 && {enough}",
    }


def _by_counts(tolerate: float) -> dict[str, str]:
    """A job completes when every node has succeeded or failed; jobs for named nodes fill mirrors and may fail."""
    # Kruise leaves zeros out of the status, and CEL fails on a field that is not there.
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
