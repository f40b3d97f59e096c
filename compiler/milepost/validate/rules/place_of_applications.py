"""Place of applications: what an application at the province says has an effect there.

A cloud node has no station, no slot and no disk that data could be found on again, and pods move off a lost one.
"""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code, Sink
from milepost.model import kinds
from milepost.model.document import Path
from milepost.model.parsed import ParsedSpec
from milepost.model.spec.application import PATTERNS, ApplicationSpec, ComponentEntry

MP2034 = Code(
    "MP2034",
    "property without effect at the province",
    "With `place: province` components run once in the province's cluster, on nodes that are no edge nodes: Deployments, "
    "Jobs and CronJobs, whose pods may start on another node at any time. So there are no stations to select, no disk "
    "of a node to keep data on, no instance that is pinned, and no wave that moves it.",
    "kind: Application\nspec:\n  place: province\n  components: [{name: db, image: db, workload: StatefulSet}]\n",
)
_KINDS = frozenset((kinds.DEPLOYMENT, *map(kinds.named, kinds.BATCH)))
_Fault = tuple[Path, str, str]


def check(spec: ParsedSpec, sink: Sink) -> None:
    for parsed in spec.applications.values():
        body = parsed.model.spec
        found = _at_stations(body) if body.place == "station" else _at_province(parsed.name, body)
        for path, message, hint in found:
            sink.report(MP2034, message, parsed.document.span("spec", *path), hint=hint)


def _at_stations(body: ApplicationSpec) -> Iterator[_Fault]:
    if body.provinces:
        message = "provinces are for place: province"
        yield ("provinces",), message, "say stations.provinces, or place: province"


def _at_province(name: str, body: ApplicationSpec) -> Iterator[_Fault]:
    if body.stations.model_fields_set:
        yield (
            ("stations",),
            "an application at the province has no stations",
            "say provinces, or leave it out",
        )
    if body.values_schema is not None:
        yield ("valuesSchema",), "a valuesSchema is about values of stations", "say it in the Fleet"
    if name == "kustomization":
        yield ("place",), "its file would be kustomization.yaml, which is taken", "choose another name"
    for index, rule in enumerate(body.topology):
        if rule.form == "affinity":
            message = "pods at the province are not kept on one node by affinity"
            yield ("topology", index, "as"), message, "use `as: pod`"
        for form in PATTERNS:
            if getattr(rule, form) is not None:
                message = f"{form} is about nodes of a station, and the province's side has none"
                yield ("topology", index, form), message, "say how many replicas, and survives"
    for index, component in enumerate(body.components):
        for path, message, hint in _of_component(component):
            yield ("components", index, *path), message, hint


def _of_component(component: ComponentEntry) -> Iterator[_Fault]:
    kind = component.workload_kind
    if kind not in _KINDS:
        key = "replicas" if component.workload is None else "workload"
        yield (key,), f"a {kind.name} cannot run at the province", "use a Deployment, Job or CronJob"
    if component.replicas == "every-known-node":
        message = "nodes of the province's side stand in no inventory"
        yield ("replicas",), message, "give a number of replicas"
    for key in ("edge_application", "interruption"):
        if getattr(component, key):
            word = type(component).model_fields[key].alias or key
            yield (word,), f"{word} is about instances at stations", "leave it out"
    for index, volume in enumerate(component.volumes):
        if volume.scratch is None:
            message = "pods at the province move between nodes, and a disk of one node stays behind"
            yield ("volumes", index), message, "use scratch, or keep data in a service of its own"
    for key in sorted(component.nodes.model_fields_set - {"labels", "architectures"}):
        word = type(component.nodes).model_fields[key].alias or key
        message = f"{word} tells edge nodes apart, and this runs on none"
        yield ("nodes", word), message, "select by labels or architectures"
