"""Applications resolved: with their images, node groups, templates and manifests at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from milepost.diagnostics import Code, Sink, did_you_mean
from milepost.model import spec
from milepost.model.extra_objects import ExtraObject
from milepost.model.fleet import Application, Component, FrozenValues, Image
from milepost.model.matchers import FailoverRule, PlacementRule
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedDocument, ParsedSpec
from milepost.model.pod_template import Template
from milepost.model.record import by_value
from milepost.model.values_schema import ValuesSchema
from milepost.model.workload_manifest import chosen, split
from milepost.resolve import manifest_objects, settings
from milepost.resolve.references import MP3001, find
from milepost.resolve.selectors import chain, check_node_selector, check_station_selector

MP3006 = Code(
    "MP3006",
    "version without an image tag",
    "Each version of an application gives a tag for every image that its components use, and the Image lists that tag.",
    "versions:\n  1.4.2: {lane-frontend: 1.4.2}\ncomponents:\n  - {name: redis, image: redis}\n",
)
MP3007 = Code(
    "MP3007",
    "manifest without a pod template",
    "`from:` starts a component from the pod template of an existing Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod. "
    "The file holds none whose containers have names, or several of which none has the component's name: "
    "`from: FILE#NAME` and `from: FILE#KIND/NAME` name one.",
    "# from: manifests/service.yaml, which holds a Service alone\n",
)
_NAMED = 5
"""Workloads that a message names."""


def applications(spec_: ParsedSpec, images: Mapping[str, Image], sink: Sink) -> tuple[Application, ...]:
    """Every application, sorted by name; what dangles is in ``sink``."""
    return tuple(_application(parsed, spec_, images, sink) for parsed in spec_.applications.values())


def editions(spec_: ParsedSpec, images: Mapping[str, Image], sink: Sink) -> tuple[Application, ...]:
    """What releases froze of applications, sorted by name of the document; what dangles is in ``sink``."""
    return tuple(_edition(parsed, spec_, images, sink) for parsed in spec_.editions.values())


def _application(
    parsed: ParsedDocument[spec.ApplicationDocument],
    spec_: ParsedSpec,
    images: Mapping[str, Image],
    sink: Sink,
) -> Application:
    frozen = {
        edition.model.spec.version
        for edition in spec_.editions.values()
        if edition.model.spec.application == parsed.name
    }
    at = parsed.at.of("spec")
    definition = _Definition(parsed.name, None, parsed.model.spec, parsed.at, at, frozenset(frozen))
    return _resolved(definition, FrozenValues(), spec_, images, sink)


def _edition(
    parsed: ParsedDocument[spec.EditionDocument],
    spec_: ParsedSpec,
    images: Mapping[str, Image],
    sink: Sink,
) -> Application:
    body, at = parsed.model.spec, parsed.at.of("spec")
    application = find("application", body.application, spec_.applications, at.of("application"), sink)
    if application is not None:
        find("version", body.version, application.model.spec.versions, at.of("version"), sink)
    find("version", body.version, body.definition.versions, at.of("version"), sink)
    others = frozenset(body.definition.versions) - {body.version}
    definition = _Definition(
        body.application, body.version, body.definition, parsed.at, at.of("definition"), others
    )
    values = FrozenValues(body.values.provinces, body.values.groups, body.values.stations)
    return _resolved(definition, values, spec_, images, sink)


def _objects(definition: _Definition, spec_: ParsedSpec, sink: Sink) -> tuple[ExtraObject, ...]:
    if definition.frozen is not None:
        return ()
    body, at = definition.body, definition.at.of("objects")
    entries = ((entry.file, entry.per, at.of(index)) for index, entry in enumerate(body.objects))
    return manifest_objects.of_application(entries, body.components, spec_, sink)


@by_value
class _Definition:
    """The definition of an application: what people edit, or what a release froze."""

    name: str
    frozen: str | None
    body: spec.application.ApplicationSpec
    document: DocumentOrigin
    at: DocumentOrigin
    elsewhere: frozenset[str]
    """Versions that run by another edition: their tags need not fit the components of this one."""

    @property
    def key(self) -> str:
        return self.name if self.frozen is None else f"{self.name}@{self.frozen}"


def _resolved(
    definition: _Definition,
    values: FrozenValues,
    spec_: ParsedSpec,
    images: Mapping[str, Image],
    sink: Sink,
) -> Application:
    body, at = definition.body, definition.at
    check_station_selector(body.stations, at.of("stations"), spec_, sink)
    for index, name in enumerate(body.provinces):
        find("province", name, spec_.provinces, at.of("provinces", index), sink)
    find("version", body.version, body.versions, at.of("version"), sink)
    components = [
        _component(definition, component, at.of("components", index), spec_, images, sink)
        for index, component in enumerate(body.components)
    ]
    resolved = tuple(c for c in components if c is not None)
    _check_versions(definition, resolved, sink, complete=len(resolved) == len(components))
    rules = [(rule, at.of("topology", index)) for index, rule in enumerate(body.topology)]
    topology = tuple((settings.placement_rule(rule), here) for rule, here in rules)
    _check_topology(topology, {c.name: c for c in body.components}, sink)
    failovers = _failovers(rules, {c.name: c for c in body.components}, spec_, sink)
    schema = None if body.values_schema is None else ValuesSchema(body.values_schema)
    return Application(
        name=definition.name,
        frozen=definition.frozen,
        values=values,
        place=body.place,
        provinces=tuple(body.provinces),
        stations=settings.station_matcher(body.stations),
        version=body.version,
        together=body.moves == "together",
        versions=body.versions,
        components=resolved,
        topology=topology,
        failovers=failovers,
        values_schema=schema,
        objects=_objects(definition, spec_, sink),
        origin=definition.document,
        at=at,
    )


def _component(
    definition: _Definition,
    component: spec.application.ComponentEntry,
    at: DocumentOrigin,
    spec_: ParsedSpec,
    images: Mapping[str, Image],
    sink: Sink,
) -> Component | None:
    image = find("image", component.image, images, at.of("image"), sink)
    check_node_selector(component.nodes, at.of("nodes"), spec_, sink)
    templates = {f.path: _template(f, spec_) for f in component.files}
    pod = _pod(component, at.of("from"), spec_, sink) if component.manifest else None
    # Reported by `find`; a component without an image would be reported again by everything
    # that looks at images.
    if image is None:
        return None
    selector = chain(component.nodes, spec_)
    own = settings.over_pod(component, settings.component(component), pod)
    return Component(definition.name, definition.key, own, image, selector, templates, pod, at)


def _template(file: spec.application.ConfigFile, spec_: ParsedSpec) -> str:
    if file.content is not None:
        return file.content
    # A file that cannot be read has been reported by the loader.
    found = spec_.source.files.get(file.template or "")
    return found.text if found else ""


def _pod(
    component: spec.application.ComponentEntry, at: DocumentOrigin, spec_: ParsedSpec, sink: Sink
) -> Template | None:
    path, wanted = split(component.manifest or "")
    found = chosen(spec_.source.manifests.get(path, ()), wanted, component.name)
    if len(found) != 1:
        many = "no workload" if not found else f"{len(found)} workloads"
        behind = f" named {wanted}" if wanted else ""
        names = ", ".join(f"{each.object.kind}/{each.object.name}" for each in found[:_NAMED])
        hint = (
            f"name one: {path}#{found[0].object.kind}/{found[0].object.name}"
            if found
            else "name a file with a workload"
        )
        message = f"{path} holds {many}{behind} with a pod template{': ' * bool(found)}{names}"
        sink.report(MP3007, message, at.span, hint=hint)
        return None
    return settings.manifest_pod(component, found[0].template)


def _check_versions(
    definition: _Definition,
    components: tuple[Component, ...],
    sink: Sink,
    *,
    complete: bool,
) -> None:
    """``complete`` says that every component names an image; otherwise a tag without one follows from that."""
    used = {component.image.name: component.image for component in components}
    for version, tags in definition.body.versions.items():
        if version in definition.elsewhere:
            continue
        here = definition.at.of("versions", version)
        for name in sorted(used.keys() - tags.keys()):
            sink.report(MP3006, f'version {version} gives no tag for image "{name}"', here.key_span)
        for name, tag in tags.items():
            # Where a component's image dangles, its tag seems to be of no use. That would be a
            # second message for one slip.
            if name not in used and complete:
                hint = did_you_mean(name, used)
                sink.report(MP3001, f'no component uses an image "{name}"', here.of(name).key_span, hint=hint)
            elif name in used and tag not in used[name].versions:
                hint = did_you_mean(tag, used[name].versions)
                sink.report(MP3006, f'image "{name}" has no version {tag}', here.of(name).span, hint=hint)


def _failovers(
    rules: Sequence[tuple[spec.application.TopologyRule, DocumentOrigin]],
    components: Mapping[str, Any],
    spec_: ParsedSpec,
    sink: Sink,
) -> tuple[tuple[FailoverRule, DocumentOrigin], ...]:
    """The rules that say who serves when a node is lost; names that dangle are in ``sink``."""
    found = []
    for rule, at in rules:
        if rule.prefer is not None:
            check_node_selector(rule.prefer, at.of("prefer"), spec_, sink)
        meant = settings.failover_rule(rule, chain(rule.prefer, spec_) if rule.prefer else ())
        if meant is None:
            continue
        listed = at.of("active", "components") if rule.active else at.of(meant.form)
        for index, name in enumerate(meant.components):
            find("component", name, components, listed.of(index), sink)
        for name in rule.addresses:
            find(
                "component of this rule",
                name,
                dict.fromkeys(meant.components, True),
                at.of("addresses", name),
                sink,
            )
        found.append((meant, at))
    return tuple(found)


def _check_topology(
    topology: tuple[tuple[PlacementRule, DocumentOrigin], ...],
    components: Mapping[str, Any],
    sink: Sink,
) -> None:
    for rule, at in topology:
        for key in ("together", "apart", "spread"):
            for index, name in enumerate(getattr(rule, key) or ()):
                find("component", name, components, at.of(key, index), sink)
