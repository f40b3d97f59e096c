"""Document envelopes: tells documents of a fleet spec from other YAML, and finds the files that they name.

It looks at the envelope only: whether ``kind``, ``metadata`` and ``spec`` are right is for validate.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code, Severity, Sink, Span
from milepost.load.quote import quote
from milepost.model.document import Path, SpecDocument

MP1020 = Code(
    "MP1020",
    "unknown version of the fleet spec",
    "The document says that it is written for a version of Milepost's spec that this program does not know.",
    "apiVersion: milepost.dev/v2",
)
MP1021 = Code(
    "MP1021",
    "missing apiVersion",
    "Every document of a fleet spec opens with `apiVersion: milepost.dev/v1alpha1`; without it a document would "
    "be taken for something else and left out.",
    "kind: Province\nmetadata: {name: hunan}",
)
MP1022 = Code(
    "MP1022",
    "unreferenced YAML file",
    "The file holds no document of a fleet spec, and no Province or Application names it as inventory or as a "
    "manifest, so it has no effect.",
    "a manifest.yaml whose `from:` was removed",
    Severity.WARNING,
)

GROUP = "milepost.dev"
VERSIONS = (f"{GROUP}/v1alpha1",)
_MAY_BE_DOCUMENT = re.compile(rb"\b(kind|apiVersion|metadata)\b")

_DEFINITIONS = {"Application": ("spec",), "Edition": ("spec", "definition")}
"""Where documents of a kind have the definition of an application."""

Named = tuple[str, Path]
"""A path that a document names, and where in the document."""


def looks_like_documents(data: bytes) -> bool:
    """A cheap first look, so that a large inventory is not parsed to find that it is none."""
    # On bytes: an inventory of 30 MB that is no document is neither decoded nor parsed.
    return GROUP.encode() in data and b"apiVersion" in data


def may_be_documents(data: bytes) -> bool:
    """Whether a file that no document names has to be parsed after all, to report what is wrong with it."""
    return _MAY_BE_DOCUMENT.search(data) is not None


def holds_anything(data: bytes) -> bool:
    """Whether there is more in a file than comments."""
    lines = (line.strip() for line in data.splitlines())
    return any(line and line != b"---" and not line.startswith(b"#") for line in lines)


def report_without_effect(span: Span, sink: Sink) -> None:
    """Neither a document nor named: perhaps what named it was removed."""
    message = "this is no document of a fleet spec, and nothing names this file"
    sink.report(MP1022, message, span, hint="name it, or move it out of the fleet spec")


def accept(document: SpecDocument, sink: Sink) -> bool:
    """Whether this is a document of a known version; one that nearly is one is reported."""
    version = document.value.get("apiVersion")
    if version in VERSIONS:
        return True
    if isinstance(version, str) and version.partition("/")[0] == GROUP:
        hint = f"this program knows {', '.join(VERSIONS)}"
        sink.report(
            MP1020, f"{quote(version)} is not a known version", document.span("apiVersion"), hint=hint
        )
    elif is_near_miss(document.value):
        message = "this document has no apiVersion"
        if isinstance(version, str) and version:
            message = f"{quote(version)} is not Milepost's apiVersion"
        sink.report(MP1021, message, document.span("apiVersion"), hint=f"write apiVersion: {VERSIONS[-1]}")
    return False


def is_of_the_fleet(value: Mapping[str, Any]) -> bool:
    """Whether the apiVersion is of Milepost's group."""
    return str(value.get("apiVersion")).startswith(f"{GROUP}/")


def is_near_miss(value: Mapping[str, Any]) -> bool:
    """Whether somebody probably meant to write a document: no apiVersion, or nearly ours."""
    version = value.get("apiVersion")
    if isinstance(version, str) and version:
        group = version.partition("/")[0].lower()
        # A slip in the group would otherwise make the document "other YAML", and what it
        # declares would silently be removed from the fleet.
        return bool(difflib.get_close_matches(group, [GROUP, "milepost"], cutoff=0.8))
    return "kind" in value and ("metadata" in value or "spec" in value)


INVENTORY = ("stations", "nodes", "addresses", "devices")
"""The sorts of tables that a Province names files of."""


def inventory_of(document: SpecDocument, table: str) -> Iterator[Named]:
    """The inventory files of a sort that a Province names."""
    if document.kind == "Province":
        yield from _texts(_at(document.value, "spec", table), ("spec", table))


def all_inventory_of(document: SpecDocument) -> Iterator[Named]:
    """The inventory files of every sort that a Province names."""
    for table in INVENTORY:
        yield from inventory_of(document, table)


def manifests_of(document: SpecDocument) -> Iterator[Named]:
    """The manifests that components of an Application, or of an Edition, start from, and those that ``objects`` names."""
    yield from _objects_of(document)
    for component, path in _components(document):
        if isinstance(name := component.get("from"), str):
            yield name.partition("#")[0], (*path, "from")


def _objects_of(document: SpecDocument) -> Iterator[Named]:
    if document.kind not in ("Application", "StationGroup", "Province"):
        return
    listed = _at(document.value, "spec", "objects")
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, str):
            yield entry, ("spec", "objects", index)
        elif isinstance(name := _at(entry, "file"), str):
            yield name, ("spec", "objects", index, "file")


def templates_of(document: SpecDocument) -> Iterator[Named]:
    """The files that hold templates of the config files of an Application, or of an Edition."""
    for component, path in _components(document):
        files = component.get("files")
        for index, file in enumerate(files if isinstance(files, list) else ()):
            if isinstance(name := _at(file, "template"), str):
                yield name, (*path, "files", index, "template")


def _components(document: SpecDocument) -> Iterator[tuple[Mapping[str, Any], Path]]:
    if (above := _DEFINITIONS.get(document.kind)) is None:
        return
    components = _at(document.value, *above, "components")
    for index, component in enumerate(components if isinstance(components, list) else ()):
        if isinstance(component, Mapping):
            yield component, (*above, "components", index)


def _texts(value: Any, path: Path) -> Iterator[Named]:
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, str):
            yield item, (*path, index)


def _at(value: Any, *path: str) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
