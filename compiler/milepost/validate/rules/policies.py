"""Policies: the limits that a fleet sets itself, where they concern what is written."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code, Related, Sink
from milepost.model import kinds
from milepost.model.parsed import ParsedDocument, ParsedSpec
from milepost.model.pod_template import containers, draft, mapping
from milepost.model.spec import ApplicationDocument, PolicyDocument
from milepost.model.spec.application import ComponentEntry
from milepost.model.workload_manifest import chosen, split

MP2030 = Code(
    "MP2030",
    "policy violation",
    "A document of kind Policy sets a limit that the fleet does not keep. The second place is the policy.",
    "kind: Policy\nspec: {requireReadiness: true}\n---\nkind: Application\nspec:\n  components: [{name: a, image: a}]\n",
)

_FIELDS = ("initContainers", "containers")


def check(spec: ParsedSpec, sink: Sink) -> None:
    for policy in spec.policies.values():
        _registries(policy, spec, sink)
        _owners(policy, spec, sink)
        for application in spec.applications.values():
            _components(policy, application, spec, sink)


def _registries(policy: ParsedDocument[PolicyDocument], spec: ParsedSpec, sink: Sink) -> None:
    allowed = policy.model.spec.registries
    if allowed is None:
        return
    for image in spec.images.values():
        body = image.model.spec
        named = [body.repository] if body.repository else list((body.repositories or {}).values())
        for repository in named:
            if repository and repository.partition("/")[0] not in allowed:
                sink.report(
                    MP2030,
                    f'image "{image.name}" comes from {repository.partition("/")[0]}, which no policy allows',
                    image.document.span("spec", "repository" if body.repository else "repositories"),
                    related=[Related("only these are allowed", policy.document.span("spec", "registries"))],
                )


def _owners(policy: ParsedDocument[PolicyDocument], spec: ParsedSpec, sink: Sink) -> None:
    if not policy.model.spec.require_owners or spec.fleet.model.spec.owners:
        return
    for group in spec.station_groups.values():
        province = spec.provinces.get(group.model.spec.province)
        if not group.model.spec.owners and not (province and province.model.spec.owners):
            sink.report(
                MP2030,
                f'station group "{group.name}" has no owners',
                group.document.key_span("spec"),
                related=[Related("owners are required", policy.document.span("spec", "requireOwners"))],
                hint="set owners here, on the province, or on the fleet",
            )


def _components(
    policy: ParsedDocument[PolicyDocument],
    application: ParsedDocument[ApplicationDocument],
    spec: ParsedSpec,
    sink: Sink,
) -> None:
    limits = policy.model.spec
    for index, component in enumerate(application.model.spec.components):
        at = application.at.of("spec", "components", index)
        if limits.require_requests:
            where = Related("requests are required", policy.document.span("spec", "requireRequests"))
            for message, place in _without_requests(component, spec):
                sink.report(MP2030, message, at.of(place).span, related=[where])
        if (
            limits.require_readiness
            and component.probes.readiness is None
            and component.workload_kind.name not in kinds.BATCH
        ):
            where = Related("readiness is required", policy.document.span("spec", "requireReadiness"))
            message = f'component "{component.name}" has no readiness probe'
            sink.report(MP2030, message, at.of("name").span, related=[where])


def _without_requests(component: ComponentEntry, spec: ParsedSpec) -> Iterator[tuple[str, str]]:
    """What is said of each container of its pods that states too little, and the part of the component to point at."""
    path, wanted = split(component.manifest or "")
    found = chosen(spec.source.manifests.get(path, ()), wanted, component.name)
    pod = found[0].template if found else None
    # A list, since a name that is no text cannot be in a set; its shape is told elsewhere.
    theirs = [c.get("name") for c in containers(mapping((pod or {}).get("spec")), *_FIELDS)]
    for container in containers(draft([(component, pod)]), *_FIELDS):
        # Of the draft of the pod, as it will be rendered: manifests and patches may bring
        # containers and may state requests.
        requests, name = mapping(mapping(container.get("resources")).get("requests")), container.get("name")
        if not (requests.get("cpu") and requests.get("memory")):
            lacks = "does not state CPU and memory requests"
            if name == component.name:
                yield f'component "{name}" {lacks}', "name"
            else:
                place = "from" if name in theirs else "patch"
                yield f'container "{name}" of component "{component.name}" {lacks}', place
