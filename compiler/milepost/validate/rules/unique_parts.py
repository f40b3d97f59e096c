"""What is told apart by a name has a name of its own: components, waves, volumes, ports, variables, files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from milepost.diagnostics import Code, Related, Sink
from milepost.model.origin import At
from milepost.model.spec.application import Component
from milepost.model.written import Spec

MP2020 = Code(
    "MP2020",
    "two parts of one name",
    "Components of an application, waves of a release, and volumes, ports, variables and mounted paths of a component "
    "are told apart by name. Config files, and Secrets with a path, are volumes too.",
    "components:\n  - {name: redis, image: redis}\n  - {name: redis, image: mysql}\n",
)
Named = Iterable[tuple[object, At]]
"""Names, and where each stands."""


def check(spec: Spec, sink: Sink) -> None:
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


def _parts(component: Component, at: At) -> Iterator[tuple[str, Named]]:
    yield "volume", _volumes(component, at)
    yield "port", _named(component.ports, at.of("ports"))
    numbers = [f"{p.port}/{p.protocol}" for p in component.ports]
    yield "port", ((n, at.of("ports", i, "port")) for i, n in enumerate(numbers))
    yield "environment variable", _variables(component, at)
    yield "mounted path", _paths(component, at)
    keys = [(file.key, at.of("files", index, "path")) for index, file in enumerate(component.files)]
    yield "config file key", keys if len({f.path for f in component.files}) == len(keys) else ()


def _volumes(component: Component, at: At) -> Iterator[tuple[object, At]]:
    """The names that become volumes of the pod, each behind the component's name."""
    if component.files:
        yield "files", at.of("files")
    yield from _named(component.volumes, at.of("volumes"))
    for index, secret in enumerate(component.secrets):
        if secret.path is not None:
            yield secret.name, at.of("secrets", index, "name")


def _variables(component: Component, at: At) -> Iterator[tuple[object, At]]:
    yield from ((name, at.of("env", name)) for name in component.env)
    for index, secret in enumerate(component.secrets):
        yield from ((name, at.of("secrets", index, "env", name)) for name in secret.env)


def _paths(component: Component, at: At) -> Iterator[tuple[object, At]]:
    parts: tuple[tuple[str, list[Any]], ...] = (
        ("files", component.files),
        ("volumes", component.volumes),
        ("secrets", component.secrets),
    )
    for key, mounts in parts:
        for index, mount in enumerate(mounts):
            if mount.path is not None:
                yield mount.path.rstrip("/"), at.of(key, index, "path")


def _named(parts: Iterable[Any], at: At) -> Iterator[tuple[object, At]]:
    return ((part.name, at.of(index, "name")) for index, part in enumerate(parts))


def _items(names: Iterable[str], at: At) -> Iterator[tuple[object, At]]:
    return ((name, at.of(index)) for index, name in enumerate(names))


def _unique(what: str, names: Named, sink: Sink) -> None:
    first: dict[object, At] = {}
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
