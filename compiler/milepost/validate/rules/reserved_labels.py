"""Reserved label domains: those of Kubernetes, where the kubelet refuses to start with them, and of Milepost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from milepost.diagnostics import Code, Sink, Span
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import NodeTable, ParsedDocument, ParsedSpec, StationTable
from milepost.model.spec import NodeRow, StationRow

MP2021 = Code(
    "MP2021",
    "reserved label domain",
    "A kubelet refuses unknown labels of kubernetes.io and k8s.io at start, and KubeEdge's controllers own "
    "apps.kubeedge.io/belonging-to and topology.kubernetes.io/zone: they overwrite or remove what others set. Labels of "
    "the fleet's own labelDomain are set by Milepost: station, profile, roles and more.",
    "kind: Fleet\nspec:\n  labels: {topology.kubernetes.io/zone: south}\n",
)
SET = "use a domain of your own, or no domain"
SELECT = "select by roles, architectures, profiles or types instead"
RESERVED = ("kubernetes.io", "k8s.io", "kubeedge.io")


def reserved(key: str, own: str) -> bool:
    """Whether a label key is in a domain that belongs to somebody else; ``own`` is the domain of Milepost's labels."""
    domain = key.partition("/")[0] if "/" in key else ""
    return domain == own or foreign(domain)


def foreign(domain: str) -> bool:
    """Whether a domain belongs to Kubernetes or KubeEdge."""
    # With the dot: `mykubernetes.io` belongs to somebody else.
    return any(domain == r or domain.endswith("." + r) for r in RESERVED)


def check(spec: ParsedSpec, sink: Sink) -> None:
    own = spec.fleet.model.spec.label_domain
    if foreign(own):
        at = spec.fleet.at.of("spec", "labelDomain")
        sink.report(
            MP2021, f"labels of {own} are not for Milepost to set", at.span, hint="use a domain of your own"
        )
    levels: list[ParsedDocument[Any]] = [spec.fleet, *spec.provinces.values(), *spec.station_groups.values()]
    for parsed in levels:
        _check(parsed.model.spec.labels, parsed.at.of("spec", "labels"), SET, spec, sink)
    for group in spec.node_groups.values():
        if group.model.spec.match is not None:
            _check(group.model.spec.match.labels, group.at.of("spec", "match", "labels"), SELECT, spec, sink)
    for application in spec.applications.values():
        at, body = application.at.of("spec"), application.model.spec
        _check(body.stations.labels, at.of("stations", "labels"), SELECT, spec, sink)
        for index, component in enumerate(body.components):
            _check(component.nodes.labels, at.of("components", index, "nodes", "labels"), SELECT, spec, sink)


def check_rows(
    stations: Sequence[StationTable], nodes: Sequence[NodeTable], spec: ParsedSpec, sink: Sink
) -> None:
    own = spec.fleet.model.spec.label_domain
    tables: list[StationTable | NodeTable] = [*stations, *nodes]
    for table in tables:
        for key, span in _of_rows(table):
            if reserved(key, own):
                report(key, span(), SET, sink)


def _of_rows(table: StationTable | NodeTable) -> Iterator[tuple[str, Callable[[], Span]]]:
    """The labels of a table: columns of CSV; in YAML, entries of each row."""
    for column in table.table.columns:
        if column.startswith("label:"):
            yield column.removeprefix("label:"), partial(table.table.places.header, column)
    if "labels" in table.table.columns:
        rows: Sequence[StationRow | NodeRow] = table.rows
        for index, row in enumerate(rows):
            for key in row.labels:
                yield key, partial(table.table.span, index, f"label:{key}")


def _check(labels: Iterable[str], at: DocumentOrigin, hint: str, spec: ParsedSpec, sink: Sink) -> None:
    for key in labels:
        if reserved(key, spec.fleet.model.spec.label_domain):
            report(key, at.of(key).key_span, hint, sink)


def report(key: str, span: Span, hint: str, sink: Sink) -> None:
    """Say that the label at ``span`` is not for a fleet spec to set or to ask for."""
    sink.report(MP2021, f'the label "{key}" is in a reserved domain', span, hint=hint)
