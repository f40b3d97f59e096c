"""Empty selectors: those that fit nothing in the whole fleet. Most are a slip, and the slip takes pods off every node.

Asked of a run over all provinces alone: what one province lacks another may have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from milepost.diagnostics import Code, Sink, did_you_mean
from milepost.model.fleet import Application, Catalog
from milepost.model.matches import Matches, application_key, component_key, node_group_key, wave_key
from milepost.model.origin import DocumentOrigin

MP4018 = Code(
    "MP4018",
    "selector that fits nothing",
    "An application, component, node group or wave selects stations or nodes, and in the whole fleet there is none that "
    "fits. That is legal, and hardly ever meant: a label was misspelled, or changed at the nodes and not here. On "
    "something that runs it would stop every pod. Where it is meant, for nodes that are still to come, the selector says "
    "`mayBeEmpty: true`.",
    "components:\n  - name: lane\n    image: lane\n    replicas: every-node\n    nodes: {labels: {zone: nort}}\n"
    "# and no node has the label zone=nort\n",
)


class _Selector(NamedTuple):
    key: str
    subject: str
    what: str
    """``station`` or ``node``."""
    at: DocumentOrigin
    labels: Mapping[str, str]
    """That it asks for; each must be carried by somebody."""


def report(catalog: Catalog, found: Matches, sink: Sink) -> None:
    """Report every selector that matched nothing in any province, unless it says that it may be empty."""
    for selector in _selectors(catalog, found):
        if selector.key not in found.selectors:
            sink.report(
                MP4018,
                f"{selector.subject} fits no {selector.what} of the whole fleet{_why(selector, found)}",
                selector.at.span,
                hint=_hint(selector, found),
            )


def _why(selector: _Selector, found: Matches) -> str:
    missing = _missing(selector, found)
    if missing:
        return f": none has the label {', '.join(missing)}"
    return ", though each label that it names is carried by some" if selector.labels else ""


def _missing(selector: _Selector, found: Matches) -> list[str]:
    return [pair for key, value in selector.labels.items() if (pair := f"{key}={value}") not in found.labels]


def _hint(selector: _Selector, found: Matches) -> str:
    near = did_you_mean(missing[0], found.labels) if (missing := _missing(selector, found)) else None
    otherwise = "add `mayBeEmpty: true` to it if that is meant"
    return f"{near} Otherwise {otherwise}" if near and near.endswith("?") else otherwise


def _selectors(catalog: Catalog, found: Matches) -> Iterator[_Selector]:
    for application in (a for a in catalog.applications if a.at_stations):
        yield from _of_application(application, found)
    for group in catalog.node_groups:
        if not any(s.may_be_empty for s in group.selector):
            labels = {k: v for s in group.selector for k, v in s.labels.items()}
            yield _Selector(
                node_group_key(group.name),
                f'node group "{group.name}"',
                "node",
                group.origin.of("spec", "match"),
                labels,
            )
    for release in catalog.releases:
        for wave in release.waves:
            if not wave.may_be_empty:
                subject = f'wave "{wave.name}" of release "{release.name}"'
                yield _Selector(wave_key(release.name, wave.name), subject, "station", wave.origin, {})


def _of_application(application: Application, found: Matches) -> Iterator[_Selector]:
    """Checks components only where the application has stations: otherwise the application's own selector is the cause."""
    stations = application.stations
    if stations.may_be_empty:
        return
    key = application_key(application.name)
    at = application.origin.of("spec", "stations")
    yield _Selector(key, f'application "{application.name}"', "station", at, stations.labels)
    # Where the application fits no station, none of its components can fit a node: one cause,
    # one message.
    for component in application.components if key in found.selectors else ():
        if not any(s.may_be_empty for s in component.selector):
            labels = {k: v for s in component.selector for k, v in s.labels.items()}
            subject = f'component "{component.name}" of application "{application.name}"'
            yield _Selector(
                component_key(application.name, component.name),
                subject,
                "node",
                component.origin.of("nodes"),
                labels,
            )
