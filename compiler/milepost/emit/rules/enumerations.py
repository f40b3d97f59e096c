"""Words of which Kubernetes knows only some, and its schemas do not say which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code, did_you_mean
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.model.document import Path

MP6020 = Code(
    "MP6020",
    "word that Kubernetes does not know",
    "The field takes one of a few words. Kubernetes' schemas only say that it is text.",
    "patch: {spec: {template: {spec: {dnsPolicy: ClusterFirstOnHost}}}}\n",
)
_EFFECTS = ("", "NoSchedule", "PreferNoSchedule", "NoExecute")
_SETS = ("In", "NotIn", "Exists", "DoesNotExist")
_WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("tolerations", "operator"): ("", "Exists", "Equal"),
    ("tolerations", "effect"): _EFFECTS,
    ("matchExpressions", "operator"): (*_SETS, "Gt", "Lt"),
    ("ports", "protocol"): ("TCP", "UDP", "SCTP"),
    ("containers", "imagePullPolicy"): ("Always", "IfNotPresent", "Never"),
    ("initContainers", "imagePullPolicy"): ("Always", "IfNotPresent", "Never"),
    ("containers", "terminationMessagePolicy"): ("File", "FallbackToLogsOnError"),
    ("volumeMounts", "mountPropagation"): ("None", "HostToContainer", "Bidirectional"),
    ("hostPath", "type"): (
        "",
        "DirectoryOrCreate",
        "Directory",
        "FileOrCreate",
        "File",
        "Socket",
        "CharDevice",
        "BlockDevice",
    ),
    ("emptyDir", "medium"): ("", "Memory", "HugePages"),
    ("spec", "dnsPolicy"): ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    ("spec", "restartPolicy"): ("Always", "OnFailure", "Never"),
    ("spec", "podManagementPolicy"): ("Parallel", "OrderedReady"),
    ("spec", "volumeBindingMode"): ("Immediate", "WaitForFirstConsumer"),
    ("strategy", "type"): ("RollingUpdate", "Recreate"),
    ("updateStrategy", "type"): ("RollingUpdate", "OnDelete"),
    ("spec", "persistentVolumeReclaimPolicy"): ("Retain", "Delete", "Recycle"),
    ("spec", "sessionAffinity"): ("None", "ClientIP"),
    ("spec", "externalTrafficPolicy"): ("Cluster", "Local"),
    ("spec", "internalTrafficPolicy"): ("Cluster", "Local"),
}
_SERVICE_TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")


def check(rendered: Rendered, findings: Findings) -> None:
    for thing in rendered.things:
        if thing.kind in ("ConfigMap", "Secret"):
            continue
        for path, value, words in _asked(thing.body, (), ""):
            if value not in words:
                findings.add(MP6020, thing, path, f'"{value}" is not known', did_you_mean(str(value), words))
    for service in rendered.of("Service"):
        kind = (service.body.get("spec") or {}).get("type")
        if kind not in (None, *_SERVICE_TYPES):
            findings.add(
                MP6020,
                service,
                ("spec", "type"),
                f'"{kind}" is not known',
                did_you_mean(str(kind), _SERVICE_TYPES),
            )


def _asked(node: Any, path: Path, parent: str) -> Iterator[tuple[Path, Any, tuple[str, ...]]]:
    """Every field that takes words; ``parent`` is the field that holds it, a list's number left out."""
    if isinstance(node, Mapping):
        for key, child in node.items():
            if isinstance(child, str):
                if words := _WORDS.get((parent, key)):
                    yield (*path, key), child, words
            elif child is not None and not isinstance(child, int | float):
                yield from _asked(child, (*path, key), key)
    elif isinstance(node, list | tuple):
        for index, child in enumerate(node):
            if not isinstance(child, str):
                yield from _asked(child, (*path, index), parent)
