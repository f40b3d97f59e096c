"""Field effects: for each field of every kind that Milepost renders, what a change of it does. One table, read by prefix.

The longest row that a path begins with decides, so a row speaks for all below it. A field that no row speaks for is of
unknown effect and ranks high: a new field of Kubernetes is never taken for harmless. Sources: the API reference of
Kubernetes (pods, workloads, RBAC, policies), ``ValidateStatefulSetUpdate`` and its siblings for what cannot change, the CRDs
of Flux, Argo CD, KubeEdge and OpenKruise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from milepost.model import kinds
from milepost.model.kinds import KINDS, Kind, Runs, names
from milepost.publish.review.classify.effect import Effect
from milepost.publish.review.classify.value_effects import (
    Judge,
    at_once,
    host_path,
    image,
    mount,
    pod_security,
    raises_unless,
    raises_when,
    replicas,
    rule,
    switch,
    when,
)

E = Effect


class FieldEffect(NamedTuple):
    """What a field does; ``secure`` is spelled out in every form of a review."""

    judge: Effect | Judge
    secure: bool = False

    def of(self, old: str | None, new: str | None) -> Effect:
        return self.judge if isinstance(self.judge, Effect) else self.judge(old, new)


Rows = Mapping[str, Effect | Judge | FieldEffect]


def _secure(judge: Effect | Judge) -> FieldEffect:
    return FieldEffect(judge, secure=True)


_PROBE = when(E.RESTARTS, E.WEAKENS, E.RESTARTS)
_FOREIGN_VOLUME = when(E.RESTARTS, E.HIDES_DATA, E.HIDES_DATA)

_SECURITY: Rows = {
    "": _secure(E.PRIVILEGE),
    "privileged": _secure(raises_when("true")),
    "allowPrivilegeEscalation": _secure(raises_unless("false")),
    "runAsUser": _secure(raises_when("0", None)),
    "runAsGroup": _secure(raises_when("0", None)),
    "runAsNonRoot": _secure(raises_unless("true")),
    "fsGroup": _secure(raises_when("0")),
    "fsGroupChangePolicy": E.RESTARTS,
    "supplementalGroups": _secure(raises_when("0")),
    "supplementalGroupsPolicy": E.RESTARTS,
    "readOnlyRootFilesystem": _secure(raises_unless("true")),
    "capabilities.add": _secure(when(E.PRIVILEGE, E.RESTARTS, E.PRIVILEGE)),
    "capabilities.drop": _secure(when(E.RESTARTS, E.PRIVILEGE, E.PRIVILEGE)),
    "seccompProfile": _secure(raises_unless("RuntimeDefault")),
    "appArmorProfile": _secure(raises_unless("RuntimeDefault")),
}
"""Of a pod and of a container: ``securityContext``."""

_CONTAINER: Rows = {
    "args": E.RESTARTS,
    "command": E.RESTARTS,
    "env": E.RESTARTS,
    "envFrom": E.RESTARTS,
    "image": image,
    # `Always` needs the registry for each start, and a node behind a cut line has none.
    "imagePullPolicy": lambda old, new: E.WEAKENS if new == "Always" else E.RESTARTS,
    "lifecycle": E.RESTARTS,
    "livenessProbe": _PROBE,
    "name": E.RESTARTS,
    "ports": E.RESTARTS,
    "ports[].hostPort": _secure(E.CUTS),
    "ports[].hostIP": _secure(E.CUTS),
    "ports[].containerPort": E.CUTS,
    "readinessProbe": _PROBE,
    "resizePolicy": E.RESTARTS,
    "resources": E.RESTARTS,
    "restartPolicy": E.RESTARTS,
    "restartPolicyRules": E.RESTARTS,
    "startupProbe": _PROBE,
    "stdin": E.RESTARTS,
    "stdinOnce": E.RESTARTS,
    "terminationMessagePath": E.RESTARTS,
    "terminationMessagePolicy": E.RESTARTS,
    "tty": E.RESTARTS,
    "volumeDevices": E.HIDES_DATA,
    "volumeMounts": E.RESTARTS,
    "volumeMounts[].mountPath": mount,
    "volumeMounts[].mountPropagation": _secure(
        lambda old, new: E.PRIVILEGE if new == "Bidirectional" else E.RESTARTS
    ),
    "volumeMounts[].readOnly": _secure(switch(E.RESTARTS, E.PRIVILEGE)),
    "volumeMounts[].subPath": mount,
    "volumeMounts[].subPathExpr": mount,
    "workingDir": E.RESTARTS,
    **{f"securityContext.{field}".rstrip("."): row for field, row in _SECURITY.items()},
}

_POD: Rows = {
    "activeDeadlineSeconds": E.WEAKENS,
    "affinity": E.EVICTS,
    "affinity.podAntiAffinity": when(E.EVICTS, E.WEAKENS, E.EVICTS),
    "automountServiceAccountToken": _secure(raises_unless("false")),
    "dnsConfig": E.CUTS,
    "dnsPolicy": E.CUTS,
    "enableServiceLinks": E.RESTARTS,
    "ephemeralContainers": E.RESTARTS,
    "evictionResponders": E.WEAKENS,
    "hostAliases": E.CUTS,
    "hostIPC": _secure(raises_when("true")),
    "hostNetwork": _secure(raises_when("true")),
    "hostPID": _secure(raises_when("true")),
    # `false` gives the pod users of its own, which is the safer one.
    "hostUsers": _secure(raises_unless("false")),
    "hostname": E.CUTS,
    "hostnameOverride": E.CUTS,
    "imagePullSecrets": E.RESTARTS,
    "nodeName": E.EVICTS,
    "nodeSelector": E.EVICTS,
    "os": E.EVICTS,
    "overhead": E.RESTARTS,
    "preemptionPolicy": E.WEAKENS,
    "priority": E.WEAKENS,
    "priorityClassName": E.WEAKENS,
    "readinessGates": E.CUTS,
    "resourceClaims": E.EVICTS,
    "resources": E.RESTARTS,
    "restartPolicy": E.RESTARTS,
    "runtimeClassName": _secure(E.PRIVILEGE),
    "schedulerName": E.EVICTS,
    "schedulingGates": E.EVICTS,
    "schedulingGroup": E.EVICTS,
    "workloadRef": E.EVICTS,
    "serviceAccount": _secure(E.PRIVILEGE),
    "serviceAccountName": _secure(E.PRIVILEGE),
    "setHostnameAsFQDN": E.CUTS,
    "shareProcessNamespace": _secure(raises_when("true")),
    "subdomain": E.CUTS,
    "terminationGracePeriodSeconds": E.RESTARTS,
    "tolerations": E.EVICTS,
    "topologySpreadConstraints": when(E.EVICTS, E.WEAKENS, E.EVICTS),
    # Any source of a volume that is not below holds data that somebody keeps.
    "volumes": _FOREIGN_VOLUME,
    "volumes[].name": E.RESTARTS,
    "volumes[].configMap": E.RESTARTS,
    "volumes[].secret": E.RESTARTS,
    "volumes[].downwardAPI": E.RESTARTS,
    "volumes[].emptyDir": E.RESTARTS,
    "volumes[].projected": E.RESTARTS,
    "volumes[].projected.sources[].serviceAccountToken": _secure(when(E.PRIVILEGE, E.RESTARTS, E.PRIVILEGE)),
    "volumes[].image": E.RESTARTS,
    "volumes[].hostPath": _secure(E.RESTARTS),
    "volumes[].hostPath.path": _secure(host_path),
    **{f"securityContext.{field}".rstrip("."): row for field, row in _SECURITY.items()},
    **{
        f"{group}[].{field}": row
        for group in ("containers", "initContainers", "ephemeralContainers")
        for field, row in _CONTAINER.items()
    },
}
"""Of the spec of a pod."""

_TEMPLATE: Rows = {
    # Services and policies select by them.
    "metadata.labels": E.CUTS,
    "metadata.annotations": E.RESTARTS,
    "metadata": E.RESTARTS,
    **{f"spec.{field}": row for field, row in _POD.items()},
}

_METADATA: Rows = {
    "apiVersion": E.CONFIGURES,
    "kind": E.RECREATES,
    "metadata.name": E.RECREATES,
    "metadata.generateName": E.RECREATES,
    "metadata.namespace": E.RECREATES,
    "metadata.labels": E.FOLLOWS,
    "metadata.annotations": E.FOLLOWS,
    "metadata.finalizers": E.REDIRECTS,
    "metadata.ownerReferences": E.DELETES,
    # What an API server fills in, and ignores where it is written.
    **{
        f"metadata.{field}": E.FOLLOWS
        for field in (
            "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields",
            "resourceVersion", "selfLink", "uid",
        )
    },
    "status": E.FOLLOWS,
}  # fmt: skip

_ROLLOUT: Rows = {
    "spec.replicas": replicas,
    "spec.minReadySeconds": E.CONFIGURES,
    "spec.progressDeadlineSeconds": E.CONFIGURES,
    "spec.revisionHistoryLimit": E.CONFIGURES,
    "spec.paused": switch(E.WEAKENS, E.RESTARTS),
    "spec.strategy": E.WEAKENS,
    "spec.strategy.rollingUpdate.maxUnavailable": at_once,
    "spec.strategy.rollingUpdate.maxSurge": E.CONFIGURES,
    "spec.updateStrategy": E.WEAKENS,
    "spec.updateStrategy.rollingUpdate.maxUnavailable": at_once,
    "spec.updateStrategy.rollingUpdate.maxSurge": E.CONFIGURES,
    "spec.persistentVolumeClaimRetentionPolicy": lambda old, new: (
        E.DELETES_STATE if new == "Delete" else E.CONFIGURES
    ),
    "spec.ordinals": E.HIDES_DATA,
    "spec.volumeClaimTemplates": E.HIDES_DATA,
    "spec.podManagementPolicy": E.RECREATES,
    "spec.serviceName": E.RECREATES,
    "spec.selector": E.RECREATES,
}

_SOURCE: Rows = {
    "spec": _secure(E.REDIRECTS),
    "spec.interval": E.SYNCS,
    "spec.timeout": E.SYNCS,
}
_BINDING: Rows = {"roleRef": _secure(rule), "subjects": _secure(E.OPENS)}
_RULES: Rows = {
    "rules": _secure(E.OPENS),
    "rules[].verbs": _secure(rule),
    "rules[].resources": _secure(rule),
    "rules[].apiGroups": _secure(rule),
    "rules[].nonResourceURLs": _secure(rule),
    "aggregationRule": _secure(E.PRIVILEGE),
}

_OF_KIND: Mapping[str, Rows] = {
    kinds.NAMESPACE.name: {
        "spec": E.FOLLOWS,
        "metadata.labels": E.CUTS,
    },
    kinds.CONFIG_MAP.name: {"data": E.CONFIGURES, "binaryData": E.CONFIGURES, "immutable": E.RECREATES},
    kinds.SECRET.name: {"": _secure(E.CONFIGURES), "metadata": E.FOLLOWS},
    kinds.SERVICE.name: {
        "spec": E.CUTS,
        "spec.clusterIP": E.RECREATES,
        # EdgeMesh and KubeEdge read from annotations whom a Service may lead to.
        "metadata.annotations": E.CUTS,
        "metadata.labels": E.CUTS,
    },
    kinds.RESOURCE_QUOTA.name: {"spec": E.WEAKENS},
    kinds.LIMIT_RANGE.name: {"spec": E.WEAKENS},
    kinds.PERSISTENT_VOLUME.name: {
        "spec": E.HIDES_DATA,
        "spec.capacity": E.CONFIGURES,
        "spec.persistentVolumeReclaimPolicy": lambda old, new: E.CONFIGURES if new == "Retain" else E.DELETES_STATE,
    },
    kinds.PERSISTENT_VOLUME_CLAIM.name: {"spec": E.HIDES_DATA, "spec.resources": E.CONFIGURES},
    kinds.SERVICE_ACCOUNT.name: {
        "automountServiceAccountToken": _secure(raises_unless("false")),
        "imagePullSecrets": E.CONFIGURES,
        "secrets": _secure(E.OPENS),
        # Identities of clouds and of agents are given by annotation.
        "metadata.annotations": _secure(E.OPENS),
    },
    kinds.JOB.name: {"spec": E.RUNS},
    kinds.CRON_JOB.name: {
        "spec": E.RUNS,
        "spec.suspend": switch(E.DELETES, E.RUNS),
        "spec.jobTemplate": E.RUNS,
    },
    kinds.NETWORK_POLICY.name: {"spec": _secure(E.CUTS)},
    kinds.INGRESS.name: {
        # It opens Services to whoever reaches the controller, and says with which certificate.
        "spec": _secure(E.CUTS),
        # Controllers read from annotations whom they let in, and where to they send.
        "metadata.annotations": _secure(E.CUTS),
    },
    # Without it, or with a looser one, a drain may take every pod at once; with a stricter one it waits.
    kinds.POD_DISRUPTION_BUDGET.name: {"spec": E.WEAKENS},
    kinds.CLUSTER_ROLE.name: _RULES,
    kinds.ROLE.name: _RULES,
    kinds.CLUSTER_ROLE_BINDING.name: _BINDING,
    kinds.ROLE_BINDING.name: _BINDING,
    # Pods hold a copy of the number; the API server refuses another, and the agent makes it anew.
    kinds.PRIORITY_CLASS.name: {"": E.WEAKENS, "value": E.EVICTS, "description": E.FOLLOWS, "metadata": E.FOLLOWS},
    kinds.STORAGE_CLASS.name: {"": E.RECREATES, "metadata": E.FOLLOWS, "allowVolumeExpansion": E.CONFIGURES},
    kinds.NODE_GROUP.name: {"spec": E.EVICTS},
    kinds.EDGE_APPLICATION.name: {
        "spec": E.RESTARTS,
        "spec.workloadScope.targetNodeGroups": when(E.CREATES, E.DELETES, E.EVICTS),
    },
    kinds.IMAGE_PREPULL_JOB.name: {"spec": E.RUNS},
    kinds.IMAGE_PULL_JOB.name: {"spec": E.RUNS},
    kinds.IMAGE_LIST_PULL_JOB.name: {"spec": E.RUNS},
    kinds.DESTINATION_RULE.name: {"spec": E.CUTS},
    kinds.GIT_REPOSITORY.name: _SOURCE,
    kinds.OCI_REPOSITORY.name: _SOURCE,
    kinds.KUSTOMIZATION.name: {
        "spec": _secure(E.REDIRECTS),
        **{
            f"spec.{field}": E.SYNCS
            for field in (
                "interval", "retryInterval", "timeout", "wait", "healthChecks", "healthCheckExprs", "dependsOn", "commonMetadata",
            )
        },
    },
    kinds.ARGO_APPLICATION.name: {
        "spec": _secure(E.REDIRECTS),
        **{f"spec.{field}": E.SYNCS for field in ("ignoreDifferences", "revisionHistoryLimit", "info")},
        "spec.syncPolicy": _secure(E.REDIRECTS),
        "spec.syncPolicy.retry": E.SYNCS,
        "operation": _secure(E.REDIRECTS),
    },
    kinds.ARGO_APPLICATION_SET.name: {"spec": _secure(E.REDIRECTS)},
    kinds.ARGO_PROJECT.name: {
        "spec": _secure(E.REDIRECTS),
        "spec.description": E.FOLLOWS,
        # A namespace for each station group: one more is no more than the group itself is.
        "spec.destinations": _secure(lambda old, new: E.REDIRECTS if "*" in (new or "") else E.SYNCS),
    },
}  # fmt: skip

_ANNOTATIONS = {
    "kustomize.toolkit.fluxcd.io/": E.REDIRECTS,
    "argocd.argoproj.io/": E.REDIRECTS,
    "apps.kubeedge.io/": E.CUTS,
    "service.edgemesh.kubeedge.io/": E.CUTS,
}
"""Annotations and labels that agents and the mesh go by, on any object."""
_POD_SECURITY = "pod-security.kubernetes.io/"
_PIN = 'nodeSelector["kubernetes.io/hostname"]'
_STATEFUL = names(lambda kind: kind.stateful)


def field_effect(kind: str, path: str, general: str) -> FieldEffect | None:
    """The row that speaks for a field of an object of a kind; None where none does.

    ``path`` is with names of items, ``general`` without.
    """
    if kind in _STATEFUL and path.endswith(_PIN):
        # The node of an instance is where its data is, whether the pin comes, moves or goes.
        return FieldEffect(Effect.HIDES_DATA)
    named = _by_key(path)
    if named is not None:
        return named
    rows = _ROWS.get(kind)
    if rows is None:
        return None
    while True:
        if (row := rows.get(general)) is not None:
            return row
        if not general:
            return None
        general = _above(general)


def _by_key(path: str) -> FieldEffect | None:
    """By the key of an annotation or label that somebody goes by, whatever object it is on."""
    if not path.startswith(("metadata.annotations", "metadata.labels")):
        return None
    if _POD_SECURITY in path:
        # Of the three modes only one refuses anything.
        return (
            FieldEffect(pod_security, secure=True)
            if "/enforce" in path and "version" not in path
            else FieldEffect(E.FOLLOWS)
        )
    return next(
        (FieldEffect(e, secure=e is E.REDIRECTS) for key, e in _ANNOTATIONS.items() if key in path), None
    )


def _above(path: str) -> str:
    """The path of what a field stands in: ``a.b[]`` is in ``a.b``, ``a.b`` in ``a``."""
    if path.endswith("[]"):
        return path[:-2]
    cut = max(path.rfind("."), path.rfind("[]"))
    return "" if cut < 0 else path[:cut] if path[cut] == "." else path[: cut + 2]


def _rows_of(kind: Kind) -> dict[str, FieldEffect]:
    rows: dict[str, Effect | Judge | FieldEffect] = dict(_METADATA)
    if kind.runs is Runs.UNTIL_REMOVED:
        rows |= _ROLLOUT
    if kind.runs is Runs.TO_COMPLETION:
        # Its name follows from what it says: another name is another run.
        rows["metadata.name"] = E.RUNS
    rows |= _OF_KIND.get(kind.name, {})
    templates = [".".join(kind.pod_template)] if kind.pod_template else []
    if kind.name == kinds.EDGE_APPLICATION.name:
        inside = "spec.workloadTemplate.manifests[]"
        rows |= {f"{inside}.{field}": row for field, row in {**_METADATA, **_ROLLOUT}.items()}
        templates = [f"{inside}.spec.template"]
    for template in templates:
        rows |= {f"{template}.{field}": row for field, row in _TEMPLATE.items()}
    return {field: row if isinstance(row, FieldEffect) else FieldEffect(row) for field, row in rows.items()}


_ROWS = {kind.name: _rows_of(kind) for kind in reversed(KINDS) if kind.rendered}
