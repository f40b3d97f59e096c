"""The schema check: every object is of a kind that Milepost emits, with the fields that the province's Kubernetes takes.

Objects without the right shape go no further: one fault gives one message.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.emit.schemas import validator, validators
from milepost.model.versions.kubernetes import number

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, ValidationError

MP6001 = Code(
    "MP6001",
    "cluster-managed kind",
    "Some objects are made by the cluster itself or by KubeEdge's CloudCore. GitOps would fight over them, and prune "
    "them: a pruned Node or ObjectSync cuts running stations off.",
    "patch: {kind: Pod, apiVersion: v1}\n",
)
MP6002 = Code(
    "MP6002",
    "unknown kind",
    "Milepost has no schema for this kind and version, so it cannot tell whether the cluster would take the object. "
    "One refused object holds up its whole unit.",
    "patch: {apiVersion: apps/v1beta1}\n",
)
MP6003 = Code(
    "MP6003",
    "object does not match its schema",
    "The object does not have the fields that Kubernetes or the custom resource defines: an unknown key, a missing one, "
    "or a value of the wrong type. A patch or an imported manifest is the usual source.",
    "patch: {spec: {replcas: 2}}\n",
)
MP6004 = Code(
    "MP6004",
    "field of another Kubernetes version",
    "The province's Kubernetes does not take this field, or not in this form; another version does. An API server "
    "refuses the object, or drops the field without a word.",
    'cluster: {kubernetes: "1.30", kubeedge: 1.23.1}\n'
    "---\n"
    "patch: {spec: {template: {spec: {hostnameOverride: lane}}}}\n",
)

CLUSTERS_OWN = {
    "ObjectSync": "CloudCore keeps one for every object on every node",
    "ClusterObjectSync": "CloudCore keeps one for every object on every node",
    "ServiceAccountAccess": "CloudCore's policy controller makes it",
    "Node": "a node registers itself",
    "Lease": "a node renews it",
    "Endpoints": "Kubernetes makes it from a Service",
    "EndpointSlice": "Kubernetes makes it from a Service",
    "Pod": "a workload makes it",
    "ReplicaSet": "a Deployment makes it",
    "ControllerRevision": "a StatefulSet or DaemonSet makes it",
    "Event": "controllers write it",
}


def check(rendered: Rendered, findings: Findings) -> None:
    """Leaves the sound objects in ``rendered.objects``."""
    kubernetes = rendered.cluster.kubernetes
    for obj in rendered.every():
        if obj.known:
            rendered.objects.append(obj)
        elif obj.kind in CLUSTERS_OWN:
            findings.add(MP6001, obj, ("kind",), f"must not be rendered: {CLUSTERS_OWN[obj.kind]}")
        elif (known := validator(obj.api_version, obj.kind, kubernetes)) is None:
            findings.add(MP6002, obj, ("kind",), f"has no schema for apiVersion {obj.api_version}")
        # `is_valid` stops at the first fault and is many times faster than collecting errors,
        # which only faulty objects need.
        elif known.is_valid(obj.body):
            rendered.objects.append(obj)
        else:
            for error in known.iter_errors(obj.body):
                _report(error, obj, kubernetes, findings)


def _report(error: ValidationError, obj: RenderedObject, kubernetes: str, findings: Findings) -> None:
    path, sentence = tuple(error.instance_path), _sentence(error)
    other = _accepted_by(error, obj, kubernetes)
    if other is None:
        findings.add(MP6003, obj, path, sentence)
    else:
        newer = number(other) > number(kubernetes)
        hint = f"leave it out, or {'upgrade the cluster' if newer else 'write it as this version has it'}"
        known = f"takes it since {other}" if newer else f"took it until {other}"
        findings.add(MP6004, obj, path, f"{sentence} in Kubernetes {kubernetes}, which {known}", hint)


def _accepted_by(error: ValidationError, obj: RenderedObject, kubernetes: str) -> str | None:
    """The oldest newer version of Kubernetes without this fault, or the newest older one."""
    sound = [
        minor for minor, theirs in validators(obj.api_version, obj.kind) if not _same(error, theirs, obj)
    ]
    # The nearest version on the newer side: an upgrade is what people can do, going back is
    # not.
    newer = [minor for minor in sound if number(minor) > number(kubernetes)]
    return newer[0] if newer else sound[-1] if sound else None


def _same(error: ValidationError, theirs: Draft202012Validator, obj: RenderedObject) -> bool:
    fault = (error.instance_path, error.message)
    return any((found.instance_path, found.message) == fault for found in theirs.iter_errors(obj.body))


def _sentence(error: ValidationError) -> str:
    match error.schema_path[-1]:
        case "additionalProperties":
            return f"does not have the field {_quoted(error.message)}"
        case "required":
            return f"lacks the field {error.message.removesuffix(' is a required property')}"
        case "anyOf" | "oneOf":
            return "has neither of the forms that it may have"
    return f"is wrong: {error.message}"


def _quoted(message: str) -> str:
    """The names in ``Additional properties are not allowed ('a', 'b' were unexpected)``."""
    return ", ".join(f'"{name}"' for name in re.findall(r"'([^']*)'", message)) or message
