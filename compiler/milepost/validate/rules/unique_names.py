"""Unique names of components, waves, volumes, ports, variables and files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from milepost.diagnostics import Code, Related, Sink
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedSpec
from milepost.model.spec.application import ComponentEntry

MP2020 = Code(
    "MP2020",
    "duplicate name",
    "Components of an application, waves of a release, and volumes, ports, variables and mounted paths of a component "
    "are told apart by name. Config files, and Secrets with a path, are volumes too.",
    "components:\n  - {name: redis, image: redis}\n  - {name: redis, image: mysql}\n",
)
Named = Iterable[tuple[object, DocumentOrigin]]
"""Names, and where each stands."""


def check(spec: ParsedSpec, sink: Sink) -> None:
    fleet, at = spec.fleet.model.spec, spec.fleet.at.of("spec")
    _unique("level", _items(fleet.levels, at.of("levels")), sink)
    _unique("role", _items(fleet.roles, at.of("roles")), sink)
    for release in spec.releases.values():
        waves = release.at.of("spec", "waves")
        _unique("wave", _named(release.model.spec.waves, waves), sink)
    for application in spec.applications.values():
        components = application.at.of("spec", "components")
        _unique("component", _named(application.model.spec.components, components), sink)
        for index, component in enumerate(application.model.spec.components):
            for what, names in _parts(component, components.of(index)):
                _unique(what, names, sink)


def _parts(component: ComponentEntry, at: DocumentOrigin) -> Iterator[tuple[str, Named]]:
    yield "volume", _volumes(component, at)
    yield "port", _named(component.ports, at.of("ports"))
    numbers = [f"{p.port}/{p.protocol}" for p in component.ports]
    yield "port", ((n, at.of("ports", i, "port")) for i, n in enumerate(numbers))
    yield "environment variable", _variables(component, at)
    yield "mounted path", _paths(component, at)
    keys = [(file.key, at.of("files", index, "path")) for index, file in enumerate(component.files)]
    yield "config file key", keys if len({f.path for f in component.files}) == len(keys) else ()


def _volumes(component: ComponentEntry, at: DocumentOrigin) -> Iterator[tuple[object, DocumentOrigin]]:
    """The names that become volumes of the pod, each behind the component's name."""
    if component.files:
        yield "files", at.of("files")
    yield from _named(component.volumes, at.of("volumes"))
    for index, secret in enumerate(component.secrets):
        if secret.path is not None:
            yield secret.name, at.of("secrets", index, "name")


def _variables(component: ComponentEntry, at: DocumentOrigin) -> Iterator[tuple[object, DocumentOrigin]]:
    yield from ((name, at.of("env", name)) for name in component.env)
    for index, secret in enumerate(component.secrets):
        yield from ((name, at.of("secrets", index, "env", name)) for name in secret.env)


def _paths(component: ComponentEntry, at: DocumentOrigin) -> Iterator[tuple[object, DocumentOrigin]]:
    parts: tuple[tuple[str, list[Any]], ...] = (
        ("files", component.files),
        ("volumes", component.volumes),
        ("secrets", component.secrets),
    )
    for key, mounts in parts:
        for index, mount in enumerate(mounts):
            if mount.path is not None:
                # `/data` and `/data/` are one mount to the runtime.
                yield mount.path.rstrip("/"), at.of(key, index, "path")


def _named(parts: Iterable[Any], at: DocumentOrigin) -> Iterator[tuple[object, DocumentOrigin]]:
    return ((part.name, at.of(index, "name")) for index, part in enumerate(parts))


def _items(names: Iterable[str], at: DocumentOrigin) -> Iterator[tuple[object, DocumentOrigin]]:
    return ((name, at.of(index)) for index, name in enumerate(names))


def _unique(what: str, names: Named, sink: Sink) -> None:
    first: dict[object, DocumentOrigin] = {}
    for name, at in names:
        if first.setdefault(name, at) is not at:
            related = [Related("first named here", first[name].span)]
            sink.report(
                MP2020,
                f'there are two {what}s "{name}"',
                at.span,
                related=related,
                hint="rename one of the two",
            )
