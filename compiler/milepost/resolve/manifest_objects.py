"""Extra objects resolved: the manifests that ``objects`` names, checked for what may be rendered beside Milepost's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code, Severity, Sink
from milepost.model import kinds
from milepost.model.extra_objects import ExtraObject
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedSpec
from milepost.model.pod_template import mapping
from milepost.model.workload_manifest import POD, ManifestObject, chosen, objects, split, workloads

MP3018 = Code(
    "MP3018",
    "object that cannot be rendered as it is",
    "`objects` takes manifests of kinds that Milepost has a schema for and does not make up itself: workloads are "
    "components, Namespaces are station groups, Secrets are made in the cluster, and rights over the whole cluster would let "
    "a tree make itself its administrator. Objects of a station group or an application stand in the group's namespace, so "
    "kinds of the whole cluster belong to a Province, whose other objects name their namespace.",
    "kind: StationGroup\nspec: {objects: [roles.yaml]}\n# and in roles.yaml:\nkind: ClusterRole\n",
)
MP3019 = Code(
    "MP3019",
    "namespace of an object that is another one here",
    "Objects of a station group or an application stand in the namespace of the group, whatever their manifest says; so do "
    "ServiceAccounts of the same namespace that a RoleBinding names.",
    "# objects: [settings.yaml], and in settings.yaml:\nkind: ConfigMap\nmetadata: {name: settings, namespace: monitoring}\n",
    Severity.WARNING,
)
_OF_SERVER = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid")
_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_INSTEAD = {
    kinds.SECRET.name: "make it in the cluster, and name it under `secrets` of a component",
    kinds.NAMESPACE.name: "each station group is a namespace already",
    "HorizontalPodAutoscaler": "say `replicas`: instances at stations are proven to fit, and nothing there counts their load",
    kinds.CLUSTER_ROLE.name: "say a Role, which holds for one namespace",
    kinds.CLUSTER_ROLE_BINDING.name: "say a RoleBinding, which holds for one namespace",
}
Entry = tuple[str, str, DocumentOrigin]
"""File, ``per``, and where the spec names the file."""


def of_application(
    entries: Iterable[Entry], components: Any, spec_: ParsedSpec, sink: Sink
) -> tuple[ExtraObject, ...]:
    """Workloads that a component starts from are components, and left out here."""
    taken = set()
    for component in components:
        path, wanted = split(component.manifest or "")
        found = chosen(spec_.source.manifests.get(path, ()), wanted, component.name) if path else []
        taken |= {(each.object.document.path, each.object.document, each.object.at) for each in found}
    return tuple(_resolved(entries, spec_, sink, {(d, at) for _, d, at in taken}, in_group=True))


def of_group(entries: Iterable[Entry], spec_: ParsedSpec, sink: Sink) -> tuple[ExtraObject, ...]:
    return tuple(_resolved(entries, spec_, sink, set(), in_group=True))


def of_province(entries: Iterable[Entry], spec_: ParsedSpec, sink: Sink) -> tuple[ExtraObject, ...]:
    return tuple(_resolved(entries, spec_, sink, set(), in_group=False))


def _resolved(
    entries: Iterable[Entry], spec_: ParsedSpec, sink: Sink, taken: set[Any], *, in_group: bool
) -> Iterator[ExtraObject]:
    for path, per, at in entries:
        documents = spec_.source.manifests.get(path, ())
        pods = {(each.object.document, each.object.at) for each in workloads(documents)}
        if documents and not any(each.body for each in objects(documents)):
            sink.report(MP3018, f"{path} holds no object", at.span, hint="name a file of manifests")
        for each in objects(documents):
            if not each.body or (each.document, each.at) in taken:
                continue
            if fault := _fault(each, (each.document, each.at) in pods, in_group):
                what, hint = fault
                span = each.document.span(*each.at, "kind")
                sink.report(MP3018, f"{each.title} {what}", span, hint=hint)
                continue
            yield ExtraObject(_body(each, in_group, sink), per, DocumentOrigin(each.document, each.at))


def _fault(each: ManifestObject, has_pods: bool, in_group: bool) -> tuple[str, str] | None:
    """What is wrong with rendering it, and what to do."""
    kind = kinds.find(str(each.body.get("apiVersion") or ""), each.kind)
    if has_pods or each.kind == POD:
        return "makes pods, which only components do", "give it a component that starts `from` it"
    if kind is None or not kind.extra:
        known = ", ".join(sorted(k.name for k in kinds.KINDS if k.extra))
        return "is of a kind that is not taken", _INSTEAD.get(each.kind, f"there are {known}")
    if not each.name:
        return "has no name", "write metadata.name"
    namespace = mapping(each.body.get("metadata")).get("namespace")
    if in_group and kind.cluster_scoped:
        return "belongs to the whole cluster", "name its file under `objects` of the Province"
    if not in_group and not kind.cluster_scoped and not namespace:
        return (
            "names no namespace",
            "write metadata.namespace, or name its file under `objects` of a StationGroup",
        )
    if not in_group and str(namespace or "").startswith("kube-"):
        return f"stands in {namespace}, which is the cluster's own", "choose another namespace"
    return None


def _body(each: ManifestObject, in_group: bool, sink: Sink) -> Mapping[str, Any]:
    """Without what the API server has written into it, and without a namespace where that is the group's."""
    metadata = {key: value for key, value in mapping(each.body["metadata"]).items() if key not in _OF_SERVER}
    annotations = {k: v for k, v in mapping(metadata.pop("annotations", None)).items() if k != _APPLIED}
    metadata |= {"annotations": annotations} if annotations else {}
    body = {key: value for key, value in each.body.items() if key != "status"} | {"metadata": metadata}
    if in_group and (namespace := metadata.pop("namespace", None)) is not None:
        span = each.document.span(*each.at, "metadata", "namespace")
        message = f"{each.title} stands in the namespace of its station group, not in {namespace}"
        sink.report(MP3019, message, span, hint="leave the namespace out")
        subjects = body.get("subjects")
        if isinstance(subjects, list):
            body["subjects"] = [_subject(mapping(subject), namespace) for subject in subjects]
    return body


def _subject(subject: Mapping[str, Any], namespace: object) -> Mapping[str, Any]:
    """A ServiceAccount of the same namespace goes along."""
    return {k: v for k, v in subject.items() if not (k == "namespace" and v == namespace)}
