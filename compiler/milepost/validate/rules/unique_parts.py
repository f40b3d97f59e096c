"""Components of an application, and the volumes and ports of a component, have names of their own."""

from __future__ import annotations

from collections.abc import Iterable

from milepost.diagnostics import Code, Related, Sink
from milepost.model.document import Document, Path
from milepost.model.written import Spec

MP2020 = Code(
    "MP2020",
    "two parts of one name",
    "Components of an application, and volumes and ports of a component, are told apart by name.",
    "components:\n  - {name: redis, image: redis}\n  - {name: redis, image: mysql}\n",
)


def check(spec: Spec, sink: Sink) -> None:
    for written in spec.applications.values():
        components = written.model.spec.components
        base: Path = ("spec", "components")
        _unique("component", [c.name for c in components], base, written.document, sink)
        for index, component in enumerate(components):
            here = (*base, index)
            _unique("volume", [v.name for v in component.volumes], (*here, "volumes"), written.document, sink)
            _unique("port", [p.name for p in component.ports], (*here, "ports"), written.document, sink)


def _unique(what: str, names: Iterable[str], path: Path, document: Document, sink: Sink) -> None:
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        if first.setdefault(name, index) != index:
            sink.report(
                MP2020,
                f'two of these have the {what} name "{name}"',
                document.span(*path, index, "name"),
                related=[Related("first named here", document.span(*path, first[name], "name"))],
            )
