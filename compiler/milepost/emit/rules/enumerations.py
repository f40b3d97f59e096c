"""Enum values that Kubernetes restricts and its schemas do not."""

from __future__ import annotations

from typing import Any

from milepost.diagnostics import Code, did_you_mean
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model import kinds
from milepost.model.document import Path

MP6020 = Code(
    "MP6020",
    "unknown enum value",
    "The field takes one of a few words. Kubernetes' schemas only say that it is text.",
    "patch: {spec: {template: {spec: {dnsPolicy: ClusterFirstOnHost}}}}\n",
)
_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "tolerations": {
        "operator": ("", "Exists", "Equal"),
        "effect": ("", "NoSchedule", "PreferNoSchedule", "NoExecute"),
    },
    "matchExpressions": {"operator": ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")},
    "ports": {"protocol": ("TCP", "UDP", "SCTP")},
    "containers": {
        "imagePullPolicy": ("Always", "IfNotPresent", "Never"),
        "terminationMessagePolicy": ("File", "FallbackToLogsOnError"),
    },
    "initContainers": {"imagePullPolicy": ("Always", "IfNotPresent", "Never")},
    "volumeMounts": {"mountPropagation": ("None", "HostToContainer", "Bidirectional")},
    "hostPath": {
        "type": (
            "",
            "DirectoryOrCreate",
            "Directory",
            "FileOrCreate",
            "File",
            "Socket",
            "CharDevice",
            "BlockDevice",
        )
    },
    "emptyDir": {"medium": ("", "Memory", "HugePages")},
    "spec": {
        "dnsPolicy": ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
        "restartPolicy": ("Always", "OnFailure", "Never"),
        "podManagementPolicy": ("Parallel", "OrderedReady"),
        "volumeBindingMode": ("Immediate", "WaitForFirstConsumer"),
        "persistentVolumeReclaimPolicy": ("Retain", "Delete", "Recycle"),
        "sessionAffinity": ("None", "ClientIP"),
        "externalTrafficPolicy": ("Cluster", "Local"),
        "internalTrafficPolicy": ("Cluster", "Local"),
    },
    "strategy": {"type": ("RollingUpdate", "Recreate")},
    "updateStrategy": {"type": ("RollingUpdate", "OnDelete")},
}
"""By the field that holds the object (a list's number left out) and the field."""

_SERVICE_TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")


def check(rendered: Rendered, findings: Findings) -> None:
    for holder, fields in _WORDS.items():
        for obj, path, node in rendered.held_by(holder):
            for field, words in fields.items():
                value = node.get(field)
                if value is not None and value not in words:
                    _report(obj, (*path, field), value, words, findings)
    # Apart from the table: other kinds have a `spec.type` of their own.
    for service in rendered.of(kinds.SERVICE.name):
        kind = (service.body.get("spec") or {}).get("type")
        if kind not in (None, *_SERVICE_TYPES):
            _report(service, ("spec", "type"), kind, _SERVICE_TYPES, findings)


def _report(obj: RenderedObject, path: Path, value: Any, words: tuple[str, ...], findings: Findings) -> None:
    findings.add(MP6020, obj, path, f'"{value}" is not known', did_you_mean(str(value), words))
