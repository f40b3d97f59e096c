"""Object identity: each object is rendered once; two of one name would overwrite each other for ever."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import KUSTOMIZE, RenderedObject, mapping
from milepost.model.manifest import Manifest, ManifestTemplate

MP6021 = Code(
    "MP6021",
    "duplicate object",
    "Two objects of one kind have the same name and namespace. Within a unit kustomize refuses them; in two units the "
    "agents take turns in overwriting each other's.",
    "patch: {metadata: {name: redis}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    named = [
        (m, template, _identities(m, template))
        for m, template in rendered.stamped()
        if not _is_kustomization(m)
    ]
    every = [found for _, _, found in named]
    # The whole answer for a sound tree: half a million texts in one set. Which two are the same
    # is looked for only when there are.
    if len(set[str]().union(*every)) == sum(map(len, every)):
        return
    first: dict[str, str] = {}
    for manifest, template, found in named:
        files = [instance.path for instance in template.instances]
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


def _identities(manifest: Manifest, template: ManifestTemplate) -> list[str]:
    """Group, kind, namespace and name of an object at every instance, as one text."""
    metadata = mapping(manifest.body, "metadata")
    group = str(manifest.body.get("apiVersion", "")).rpartition("/")[0]
    names = f"{metadata.get('namespace') or ''}/{metadata.get('name')}"
    return template.filled(f"{group}/{manifest.body.get('kind')}/{names}")


def _report(manifest: Manifest, identity: str, file: str, first: dict[str, str], findings: Findings) -> None:
    _, kind, namespace, name = identity.split("/", 3)
    obj = RenderedObject({"kind": kind, "metadata": {"name": name, "namespace": namespace}}, file, manifest)
    other = "in the same file" if first[identity] == file else f"in {first[identity]}"
    findings.add(MP6021, obj, ("metadata", "name"), f'"{name}" is taken by another {kind} {other}')
