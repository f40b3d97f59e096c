"""An object is rendered once: two of one name would overwrite each other for ever."""

from __future__ import annotations

from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.template import filler
from milepost.emit.thing import KUSTOMIZE, Thing
from milepost.model.manifest import Manifest, Sheet

MP6021 = Code(
    "MP6021",
    "two objects of one name",
    "Two objects of one kind have the same name and namespace. Within a unit kustomize refuses them; in two units the "
    "agents take turns in overwriting each other's.",
    "patch: {metadata: {name: redis}}\n",
)
Identity = tuple[str, str, str, str]
"""Group, kind, namespace and name."""


def check(rendered: Rendered, findings: Findings) -> None:
    first: dict[Identity, str] = {}
    for manifest, sheet in rendered.stamped():
        twice = [pair for pair in _identities(manifest, sheet) if not _new(*pair, first)]
        if twice:
            _report(manifest, *twice[0], first, findings)


def _new(identity: Identity, file: str, first: dict[Identity, str]) -> bool:
    if identity in first:
        return False
    first[identity] = file
    return True


def _identities(manifest: Manifest, sheet: Sheet) -> Iterator[tuple[Identity, str]]:
    """The identity of an object at every stamp, and the file there."""
    metadata = manifest.body.get("metadata") or {}
    group, kind = (
        str(manifest.body.get("apiVersion", "")).rpartition("/")[0],
        str(manifest.body.get("kind", "")),
    )
    if f"{group}/" == KUSTOMIZE:
        return
    namespace, name = filler(str(metadata.get("namespace") or "")), filler(str(metadata.get("name", "")))
    for stamp in sheet.stamps:
        yield (group, kind, namespace.fill(stamp.values), name.fill(stamp.values)), stamp.path


def _report(
    manifest: Manifest, identity: Identity, file: str, first: dict[Identity, str], findings: Findings
) -> None:
    _, kind, namespace, name = identity
    thing = Thing({"kind": kind, "metadata": {"name": name, "namespace": namespace}}, file, manifest)
    other = "in the same file" if first[identity] == file else f"in {first[identity]}"
    findings.add(MP6021, thing, ("metadata", "name"), f'"{name}" is taken by another {kind} {other}')
