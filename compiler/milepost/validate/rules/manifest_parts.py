"""Manifest parts: what a component does not take of the manifest that it starts from, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code, Severity, Sink
from milepost.model import kinds
from milepost.model.document import Path
from milepost.model.parsed import ParsedSpec
from milepost.model.pod_template import DECIDED, mapping
from milepost.model.record import record
from milepost.model.spec.application import ComponentEntry
from milepost.model.workload_manifest import (
    ManifestObject,
    WorkloadManifest,
    chosen,
    objects,
    split,
    workloads,
)

MP2035 = Code(
    "MP2035",
    "part of a manifest that is not taken",
    "A component that starts `from:` a manifest takes the pod template of one workload. Where pods run, and how many, is "
    "said in the fleet spec; other objects of the file are rendered where `objects` names it. Each part that is left behind "
    "is told once, with its place. Nothing is said of what Kubernetes itself would fill in, of what the component says in "
    "its own words, and of what its `patch` sets.",
    "# from: old/db.yaml, and in old/db.yaml:\nkind: StatefulSet\nspec:\n  volumeClaimTemplates: [{metadata: {name: data}}]\n",
    Severity.WARNING,
)
_PATCH = "say it in `patch`"
_NODES = "say it in `nodes` or in the application's `topology`"


@record
class _Part:
    """A field of the workload or of its pod template: the words of the spec for it, and the field of the component that
    says them; ``default`` is what Kubernetes fills in.
    """

    hint: str
    said_by: str = ""
    default: Any = None


_OF_WORKLOAD = {
    "replicas": _Part("say `replicas`", "replicas", 1),
    "completions": _Part("say `replicas`", "replicas", 1),
    "parallelism": _Part("say `replicas`", "replicas", 1),
    "volumeClaimTemplates": _Part("say each under `volumes`, as `local` or `hostPath`", "volumes"),
    "schedule": _Part("say it in `cronJob`", "cron"),
    "timeZone": _Part("say it in `cronJob`", "cron"),
    "concurrencyPolicy": _Part("say it in `cronJob`", "cron", "Allow"),
    "startingDeadlineSeconds": _Part("say it in `cronJob`", "cron"),
    "successfulJobsHistoryLimit": _Part("say it in `cronJob`", "cron", 3),
    "failedJobsHistoryLimit": _Part("say it in `cronJob`", "cron", 1),
    "backoffLimit": _Part(_PATCH, "", 6),
    "progressDeadlineSeconds": _Part(_PATCH, "", 600),
    "minReadySeconds": _Part(_PATCH, "", 0),
    "completionMode": _Part(_PATCH, "", "NonIndexed"),
    "suspend": _Part(_PATCH, "", False),
    "manualSelector": _Part(_PATCH, "", False),
    "paused": _Part(_PATCH, "", False),
}
"""Any other field of its ``spec`` goes into a patch."""
_OUR_OWN = {"selector", "template", "jobTemplate", "revisionHistoryLimit", "serviceName"}
"""What Milepost makes anew, with the same effect for whoever reads the pods, and what holds them."""
_DEFAULTS: dict[str, tuple[Any, ...]] = {
    "strategy": (
        {"type": "RollingUpdate"},
        {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
    ),
    "updateStrategy": (
        {"type": "RollingUpdate"},
        {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
        {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}},
    ),
    "podManagementPolicy": ("OrderedReady",),
    "persistentVolumeClaimRetentionPolicy": ({"whenDeleted": "Retain", "whenScaled": "Retain"},),
}
"""As ``kubectl get`` shows them where nobody said anything."""
_OF_POD = {
    "affinity": _Part(_NODES, "nodes"),
    "nodeName": _Part(_NODES, "nodes"),
    "nodeSelector": _Part(_NODES, "nodes"),
    "topologySpreadConstraints": _Part("say `spread` in the application's `topology`"),
    "schedulerName": _Part("Kubernetes' own scheduler places all pods", "", "default-scheduler"),
    "restartPolicy": _Part("a Job or CronJob restarts OnFailure, all others Always"),
    "priorityClassName": _Part("say `priority`", "priority"),
    "priority": _Part("say `priority`", "priority", 0),
    "preemptionPolicy": _Part("say `priority`", "priority", "PreemptLowerPriority"),
    "tolerations": _Part("say the taints that it tolerates in `tolerations`", "tolerations"),
}
_LINUX = ({"kubernetes.io/os": "linux"}, {"beta.kubernetes.io/os": "linux"})
_WRITTEN_BY_OTHERS = ("kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision")
_OF_CHARTS = ("helm.sh/", "meta.helm.sh/", "app.kubernetes.io/", "deprecated.daemonset.template.generation")
"""Labels and annotations that only say which chart or which part of it made an object."""
Found = tuple[Path, str, str]
"""Where in the object, what it is, and what to do."""


def check(spec: ParsedSpec, sink: Sink) -> None:
    named = {entry.file for a in spec.applications.values() for entry in a.model.spec.objects}
    used: dict[str, list[WorkloadManifest]] = {}
    for parsed in spec.applications.values():
        for component in parsed.model.spec.components:
            path, wanted = split(component.manifest or "")
            found = chosen(spec.source.manifests.get(path, ()), wanted, component.name) if path else []
            if len(found) == 1:
                used.setdefault(path, []).append(found[0])
                for where, what, hint in _parts(component, found[0], spec):
                    _report(found[0].object, where, what, hint, sink)
    for path, taken in used.items():
        if path not in named:
            _others(spec.source.manifests.get(path, ()), taken, path, sink)


def _report(holder: ManifestObject, where: Path, what: str, hint: str, sink: Sink) -> None:
    span = holder.document.key_span(*holder.at, *where)
    sink.report(MP2035, f"{what} of {holder.title} is not taken", span, hint=hint)


def _others(documents: Any, taken: list[WorkloadManifest], path: str, sink: Sink) -> None:
    """Objects beside the workloads that components take; Secrets have a rule of their own."""
    held = {(each.object.document, each.object.at) for each in taken}
    pods = {(each.object.document, each.object.at) for each in workloads(documents)}
    for each in objects(documents):
        place = (each.document, each.at)
        if each.body and place not in held and each.kind != kinds.SECRET.name:
            hint = f"give it a component with `from: {path}#{each.kind}/{each.name}`"
            if place not in pods:
                hint = _INSTEAD.get(each.kind) or f"name {path} under the application's `objects`"
            message = f"{each.title} in this file is not taken"
            sink.report(MP2035, message, each.document.span(*each.at, "kind"), hint=hint)


_INSTEAD = {
    kinds.SERVICE.name: "say `ports`: a component gets its Service by itself",
    kinds.NAMESPACE.name: "objects stand in the namespace of their station group",
    "HorizontalPodAutoscaler": "say `replicas`: the number of a station's instances is proven to fit its nodes",
    kinds.POD_DISRUPTION_BUDGET.name: "say `survives`: Milepost restarts instances one after the other",
}


def _parts(component: ComponentEntry, workload: WorkloadManifest, spec: ParsedSpec) -> Iterator[Found]:
    body, said = workload.object.body, component.model_fields_set | _said_by_patch(component)
    yield from _kind(component, workload)
    if workload.template_at:
        yield from _metadata(mapping(body.get("metadata")), mapping(workload.template.get("metadata")))
        yield from _fields(mapping(body.get("spec")), ("spec",), _OF_WORKLOAD, said)
    if workload.object.kind == kinds.CRON_JOB.name:
        job = ("spec", "jobTemplate", "spec")
        inner = mapping(mapping(mapping(body.get("spec")).get("jobTemplate")).get("spec"))
        yield from _fields(inner, job, _OF_WORKLOAD, said)
    yield from _of_pod(component, workload, said)
    yield from _labels(workload, spec.fleet.model.spec.label_domain)
    yield from _image(component, workload, _repositories(component, spec))


def _kind(component: ComponentEntry, workload: WorkloadManifest) -> Iterator[Found]:
    """A DaemonSet that would silently become one pod of a Deployment."""
    theirs, own = workload.object.kind, component.workload_kind.name
    if theirs == own or {"workload", "replicas"} & component.model_fields_set or not workload.template_at:
        return
    if theirs == kinds.DAEMON_SET.name:
        yield ("kind",), "the kind", "say `replicas: every-node`; as it is, one pod runs at each station"
    elif theirs in {kind.name for kind in kinds.KINDS if kind.pod_template}:
        yield ("kind",), "the kind", f"say `workload: {theirs}`; as it is, the component is a {own}"


def _fields(spec: Mapping[str, Any], at: Path, parts: Mapping[str, _Part], said: set[str]) -> Iterator[Found]:
    for field, value in spec.items():
        part = parts.get(field, _Part(_PATCH))
        meant = value not in (None, [], {}, part.default) and value not in _DEFAULTS.get(field, ())
        if field not in _OUR_OWN and meant and part.said_by not in said and f"patch.{field}" not in said:
            yield (*at, field), ".".join(map(str, (*at, field))), part.hint


def _of_pod(component: ComponentEntry, workload: WorkloadManifest, said: set[str]) -> Iterator[Found]:
    at = (*workload.template_at, "spec")
    pod = mapping(workload.template.get("spec"))
    decided = {key: value for key, value in pod.items() if key in DECIDED - {"containers"}}
    if decided.get("nodeSelector") in _LINUX:
        del decided["nodeSelector"]
    own = "OnFailure" if component.workload_kind.name in kinds.BATCH else "Always"
    if decided.get("restartPolicy") == own:
        del decided["restartPolicy"]
    yield from _fields(decided, at, {key: _OF_POD.get(key, _Part(_NODES)) for key in decided}, said)


def _metadata(metadata: Mapping[str, Any], pod: Mapping[str, Any]) -> Iterator[Found]:
    for field in ("labels", "annotations"):
        keys = [
            key
            for key, value in mapping(metadata.get(field)).items()
            if not str(key).startswith(_OF_CHARTS)
            and key not in _WRITTEN_BY_OTHERS
            and mapping(pod.get(field)).get(key) != value
        ]
        if keys:
            yield ("metadata", field), f"metadata.{field} ({', '.join(map(str, keys))})", _PATCH


def _labels(workload: WorkloadManifest, domain: str) -> Iterator[Found]:
    """Labels of the pods that Milepost has for itself."""
    at = (*workload.template_at, "metadata", "labels")
    labels = mapping(mapping(workload.template.get("metadata")).get("labels"))
    for key in labels:
        if str(key).startswith(f"{domain}/"):
            yield (*at, key), f"the label {key}", "labels of this domain are Milepost's own"


def _image(
    component: ComponentEntry, workload: WorkloadManifest, repositories: frozenset[str]
) -> Iterator[Found]:
    """The image of the container that the component takes the place of, where it is another one."""
    containers = [mapping(each) for each in mapping(workload.template.get("spec"))["containers"]]
    names = [each.get("name") for each in containers]
    place = names.index(component.name) if component.name in names else 0
    theirs = str(containers[place].get("image") or "").partition("@")[0]
    head, slash, last = theirs.rpartition("/")
    repository = f"{head}{slash}{last.partition(':')[0]}"
    if repository and repositories and repository not in repositories:
        path = (*workload.template_at, "spec", "containers", place, "image")
        hint = f"image {component.image} is {', '.join(sorted(repositories))}"
        yield path, f"the image {repository}", hint


def _repositories(component: ComponentEntry, spec: ParsedSpec) -> frozenset[str]:
    if (parsed := spec.images.get(component.image)) is None:
        return frozenset()
    body = parsed.model.spec
    return frozenset([body.repository] if body.repository else (body.repositories or {}).values())


def _said_by_patch(component: ComponentEntry) -> set[str]:
    """Fields of the workload's spec and of its pods' spec that a patch sets."""
    spec = mapping((component.patch or {}).get("spec"))
    pod = mapping(mapping(spec.get("template")).get("spec"))
    return {f"patch.{key}" for key in (*spec, *pod)}
