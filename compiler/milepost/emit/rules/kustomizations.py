"""Kustomizations: each lists the files beside it, all of them, by name and in order; and the releases that it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import KUSTOMIZATION, Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model import kinds
from milepost.model.document import Path

MP6060 = Code(
    "MP6060",
    "kustomization does not match its folder",
    "A file that is not listed is never applied, and what it held is pruned; a listed file that is not there fails the "
    "build. Files of other folders, remote bases and generators are refused: an agent must need nothing but the folder "
    "and the releases beside it.",
    "# lower makes kustomizations; a patch cannot reach them\n",
)
_PLAIN = re.compile(r"[A-Za-z0-9][-A-Za-z0-9_.]*\.ya?ml")
_MOVED, _GROUP = re.compile(r"switch/[^/]+"), re.compile(r"\.\./\.\./groups/[a-z0-9][-a-z0-9]*")
"""What moves with a release is the section's objects without the rest."""
_RELEASE = re.compile(r"(\.\./){1,3}releases/[A-Za-z0-9][-A-Za-z0-9_.]*")


def check(rendered: Rendered, findings: Findings) -> None:
    for folder, obj in rendered.kustomizations.items():
        present = rendered.folders.get(folder, {}).keys() - {KUSTOMIZATION}
        for path, predicate in (*_resources(obj, present), *_components(obj)):
            findings.add(MP6060, obj, path, predicate)
    # Where a file is missing Flux makes one up for every YAML below the folder.
    for folder in sorted(rendered.folders.keys() - rendered.kustomizations.keys() - _plain(rendered)):
        obj = RenderedObject({"kind": "folder"}, folder or ".")
        findings.add(MP6060, obj, (), "holds objects and has no kustomization.yaml")


def _plain(rendered: Rendered) -> set[str]:
    """Folders that Argo CD reads as they are."""
    sources = [application.body["spec"]["source"] for application in rendered.of(kinds.ARGO_APPLICATION.name)]
    return {str(source.get("path", "")).removeprefix("./") for source in sources if source.get("directory")}


def _resources(obj: RenderedObject, present: set[str]) -> Iterator[tuple[Path, str]]:
    listed = [str(name) for name in obj.body.get("resources") or ()]
    for index, name in enumerate(listed):
        if _MOVED.fullmatch(obj.unit) and _GROUP.fullmatch(name):
            continue
        if not _PLAIN.fullmatch(name):
            yield ("resources", index), f'"{name}" is not a file of this folder'
        elif name not in present:
            yield ("resources", index), f'"{name}" is not in the tree'
    if missing := sorted(present - set(listed)):
        yield (
            ("resources",),
            f'does not list "{missing[0]}"' + (f" and {len(missing) - 1} more" if missing[1:] else ""),
        )
    if listed != sorted(set(listed)):
        yield ("resources",), "is not in order, or lists a file twice"


def _components(obj: RenderedObject) -> Iterator[tuple[Path, str]]:
    listed = [str(name) for name in obj.body.get("components") or ()]
    for index, name in enumerate(listed):
        if not _RELEASE.fullmatch(name):
            yield ("components", index), f'"{name}" is not a release of this tree'
    if listed != sorted(set(listed)):
        yield ("components",), "is not in order, or lists a release twice"
