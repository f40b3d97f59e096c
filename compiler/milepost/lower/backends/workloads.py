"""Deployments, StatefulSets, DaemonSets, Jobs and CronJobs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from milepost.lower.placeholders import Placeholders
from milepost.lower.pod import content_hash, patience, pod_template, selector_labels
from milepost.lower.scope import PART_OF, GroupScope, ProvinceScope, Scope, StationScope
from milepost.model import kinds
from milepost.model.duration import seconds
from milepost.model.manifest import Manifest
from milepost.model.merging import merge
from milepost.model.objects import kubernetes_object
from milepost.model.plan import GroupClass, StationClass, Workload


def lower_station(station_class: StationClass, scope: StationScope) -> Iterable[Manifest]:
    return [_station_workload(w, scope) for w in station_class.workloads if w.kind in _SPEC]


def lower_group(group_class: GroupClass, scope: GroupScope) -> Iterable[Manifest]:
    return [_workload(w, scope) for w in group_class.workloads if w.kind in _SPEC]


def lower_cloud(workloads: Sequence[Workload], scope: ProvinceScope) -> Iterable[Manifest]:
    return [_workload(w, scope) for w in workloads]


def _station_workload(workload: Workload, scope: StationScope) -> Manifest:
    """Made for the first class that has it: equal workloads make equal objects, with equal placeholders."""
    if workload not in scope.made:
        # Placeholders of its own, so that exactly those of this workload go to the classes that
        # share it.
        alone = replace(scope, placeholders=Placeholders({}))
        scope.made[workload] = _workload(workload, alone), alone.placeholders
    manifest, placeholders = scope.made[workload]
    scope.placeholders.add(placeholders)
    return manifest


def _workload(workload: Workload, scope: Scope) -> Manifest:
    members = scope.plan.members(workload)
    name = scope.name(workload.stem)
    body = kubernetes_object(
        kinds.named(workload.kind),
        name,
        namespace=scope.namespace,
        labels={
            "app.kubernetes.io/name": workload.members[0],
            PART_OF: workload.application,
            "app.kubernetes.io/managed-by": "milepost",
        },
        spec=_SPEC[workload.kind](workload, scope, pod_template(workload, scope)),
    )
    for component in members:
        body = merge(body, component.settings.patch or {})
    if workload.kind == kinds.JOB.name:
        # Nothing of a Job's spec can be changed, patches included; what runs anew is a Job of another name.
        body["metadata"]["name"] = f"{name}-{content_hash(body['spec'], workload, scope)}"
    return Manifest(body, members[0].origin, workload.reason)


def _deployment(workload: Workload, scope: Scope, template: dict[str, Any]) -> dict[str, Any]:
    """Without room for one more pod the old one goes first: a surge pod that fits nowhere would wait for ever."""
    surge, unavailable = (1, 0) if workload.surge else (0, workload.max_unavailable)
    return {
        "replicas": workload.replicas,
        **patience(workload),
        "revisionHistoryLimit": 2,
        "selector": {"matchLabels": selector_labels(workload, scope)},
        "strategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable},
        },
        "template": template,
    }


def _stateful_set(workload: Workload, scope: Scope, template: dict[str, Any]) -> dict[str, Any]:
    return {
        "replicas": workload.replicas,
        # Two to go back to by hand; the default keeps ten ControllerRevisions a workload, at every station.
        "revisionHistoryLimit": 2,
        "serviceName": scope.name(workload.stem),
        # Immutable once applied. OrderedReady lets one instance that is not ready hold up all after it.
        "podManagementPolicy": "Parallel",
        "selector": {"matchLabels": selector_labels(workload, scope)},
        "updateStrategy": {"type": "RollingUpdate"},
        "template": template,
    }


def _daemon_set(workload: Workload, scope: Scope, template: dict[str, Any]) -> dict[str, Any]:
    """Nodes behind a cut line count as unavailable, so a small limit would let them hold up all others of the section;
    within a station it keeps the last instance that serves.
    """
    return {
        **patience(workload),
        "revisionHistoryLimit": 2,
        "selector": {"matchLabels": selector_labels(workload, scope)},
        "updateStrategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": 0, "maxUnavailable": workload.max_unavailable},
        },
        "template": template,
    }


def _job(workload: Workload, scope: Scope, template: dict[str, Any]) -> dict[str, Any]:
    return {
        # No `ttlSecondsAfterFinished`: a Job that removed itself is missing at the next sync,
        # and the agent would run it again.
        "backoffLimit": 6,
        "completions": workload.replicas,
        "parallelism": workload.replicas,
        "template": template,
    }


def _cron_job(workload: Workload, scope: Scope, template: dict[str, Any]) -> dict[str, Any]:
    cron = scope.plan.members(workload)[0].settings.cron
    assert cron is not None  # a rule of the spec sees to it
    job = {"activeDeadlineSeconds": seconds(cron.deadline)} if cron.deadline else {}
    spec = {
        "schedule": cron.schedule,
        "timeZone": cron.time_zone,
        "concurrencyPolicy": cron.concurrency_policy,
        "startingDeadlineSeconds": seconds(cron.starting_deadline),
        "successfulJobsHistoryLimit": cron.successful_history,
        "failedJobsHistoryLimit": cron.failed_history,
        "jobTemplate": {"spec": {**job, **_job(workload, scope, template)}},
    }
    return {key: value for key, value in spec.items() if value is not None}


_SPEC = {
    kinds.DEPLOYMENT.name: _deployment,
    kinds.STATEFUL_SET.name: _stateful_set,
    kinds.DAEMON_SET.name: _daemon_set,
    kinds.JOB.name: _job,
    kinds.CRON_JOB.name: _cron_job,
}
