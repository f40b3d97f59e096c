"""An object is rendered once: two of one name would overwrite each other for ever."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.thing import KUSTOMIZE, Thing, mapping
from milepost.model.manifest import Manifest, Sheet

MP6021 = Code(
    "MP6021",
    "two objects of one name",
    "Two objects of one kind have the same name and namespace. Within a unit kustomize refuses them; in two units the "
    "agents take turns in overwriting each other's.",
    "patch: {metadata: {name: redis}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    named = [(m, sheet, _identities(m, sheet)) for m, sheet in rendered.stamped() if not _is_kustomization(m)]
    every = [found for _, _, found in named]
    if len(set[str]().union(*every)) == sum(map(len, every)):
        return
    first: dict[str, str] = {}
    for manifest, sheet, found in named:
        files = [stamp.path for stamp in sheet.stamps]
        twice = [pair for pair in zip(found, files, strict=True) if not _new(*pair, first)]
        if twice:
            _report(manifest, *twice[0], first, findings)


def _new(identity: str, file: str, first: dict[str, str]) -> bool:
    if identity in first:
        return False
    first[identity] = file
    return True


def _is_kustomization(manifest: Manifest) -> bool:
    return str(manifest.body.get("apiVersion")).startswith(KUSTOMIZE)


def _identities(manifest: Manifest, sheet: Sheet) -> list[str]:
    """Group, kind, namespace and name of an object at every stamp, as one text."""
    metadata = mapping(manifest.body, "metadata")
    group = str(manifest.body.get("apiVersion", "")).rpartition("/")[0]
    names = f"{metadata.get('namespace') or ''}/{metadata.get('name')}"
    return sheet.filled(f"{group}/{manifest.body.get('kind')}/{names}")


def _report(manifest: Manifest, identity: str, file: str, first: dict[str, str], findings: Findings) -> None:
    _, kind, namespace, name = identity.split("/", 3)
    thing = Thing({"kind": kind, "metadata": {"name": name, "namespace": namespace}}, file, manifest)
    other = "in the same file" if first[identity] == file else f"in {first[identity]}"
    findings.add(MP6021, thing, ("metadata", "name"), f'"{name}" is taken by another {kind} {other}')
