"""Reserved names: those of Kubernetes, of the agents and of Milepost's own files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from milepost.diagnostics import Code, Related, Sink, Span
from milepost.model import layout
from milepost.model.delivery.base import engines
from milepost.model.document import SpecDocument
from milepost.model.parsed import NodeTable, ParsedDocument, ParsedSpec, StationTable
from milepost.model.spec import ApplicationDocument

MP2025 = Code(
    "MP2025",
    "reserved name",
    "A station group is a namespace, and a file in several folders of the rendered tree; a station is a file in its "
    "group's folder; a version of an application is a folder. Some names there belong to Kubernetes, to the agents or "
    "to Milepost, and no two may be one.",
    "kind: StationGroup\nmetadata: {name: kube-system}\n",
)
GROUPS = frozenset({"default", "kubeedge", "kustomization"}).union(
    layout.taken("group"), *(e.TAKEN for e in engines())
)
"""Namespaces of the cluster and its agents, and files that stand beside those of station groups."""
GROUP_PREFIXES = ("kube-", "milepost")
STATIONS = layout.taken("station")
"""Files that stand beside those of stations."""
PROVINCES = frozenset({"hub"})
"""Folders that stand beside those of provinces."""
DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)}
)
"""Names of devices of Windows, which no file and no folder can have."""


def check(spec: ParsedSpec, sink: Sink) -> None:
    for group in spec.station_groups.values():
        # Kubernetes reserves `kube-` for its own namespaces; a group of that name could not be
        # told from them.
        if group.name in GROUPS or group.name.startswith(GROUP_PREFIXES):
            _report("a station group", group.name, group.document, sink)
    for province in spec.provinces.values():
        if province.name in PROVINCES:
            _report("a province", province.name, province.document, sink)
    _devices(spec, sink)
    _release_folders(spec, sink)


def check_rows(
    stations: Sequence[StationTable], nodes: Sequence[NodeTable], spec: ParsedSpec, sink: Sink
) -> None:
    for table in stations:
        for index, row in enumerate(table.rows):
            if row.name in DEVICES:
                message = f'a station cannot be named "{row.name}": Windows has no file of this name'
                sink.report(MP2025, message, table.table.span(index, "name"), hint="choose another name")
            elif row.name in STATIONS:
                message = f'a station cannot be named "{row.name}": the name is taken'
                sink.report(MP2025, message, table.table.span(index, "name"), hint="choose another name")


def _report(what: str, name: str, document: SpecDocument, sink: Sink) -> None:
    sink.report(
        MP2025,
        f'{what} cannot be named "{name}": the name is taken',
        document.span("metadata", "name"),
        hint="choose another name",
    )


def _devices(spec: ParsedSpec, sink: Sink) -> None:
    """What becomes a file or a folder of the rendered tree."""
    documents: Sequence[tuple[str, Iterable[ParsedDocument[Any]]]] = (
        ("a province", spec.provinces.values()),
        ("a station group", spec.station_groups.values()),
        ("an application", spec.applications.values()),
        ("a release", spec.releases.values()),
    )
    for what, named in documents:
        for parsed in named:
            if parsed.name in DEVICES:
                message = f'{what} cannot be named "{parsed.name}": Windows has no file of this name'
                sink.report(
                    MP2025, message, parsed.document.span("metadata", "name"), hint="choose another name"
                )


def _release_folders(spec: ParsedSpec, sink: Sink) -> None:
    """``tolling`` with a version ``lane-1`` and ``tolling-lane`` with a version ``1`` would share a folder.

    So would what moves together, whose folder ends in ``current``; and ``1.0-RC`` and ``1.0-rc`` where a file system takes capital and small letters for the same.
    """
    first: dict[str, tuple[ParsedDocument[ApplicationDocument], str]] = {}
    for application in spec.applications.values():
        body = application.model.spec
        for version in [*body.versions, *(["current"] if body.moves == "together" else ())]:
            folder = f"{application.name}-{version}"
            other, its = first.setdefault(folder.lower(), (application, version))
            if (other, its) != (application, version):
                sink.report(
                    MP2025,
                    f'version {version} of "{application.name}" and version {its} of "{other.name}" are both the folder {folder}',
                    _folder_span(application, version),
                    related=[Related("the other one", _folder_span(other, its))],
                    hint="choose another name for one of the versions",
                )


def _folder_span(application: ParsedDocument[ApplicationDocument], version: str) -> Span:
    """Where the folder's name comes from."""
    own = version in application.model.spec.versions
    return application.document.key_span("spec", *(("versions", version) if own else ("moves",)))
