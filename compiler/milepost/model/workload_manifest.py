"""Workload manifests: the workloads in the documents of a manifest file, and which of them a component starts from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from milepost.model import kinds
from milepost.model.document import Path, SpecDocument
from milepost.model.pod_template import Template, mapping
from milepost.model.record import record

POD = "Pod"
"""The kind that is its own template."""


@record
class ManifestObject:
    """An object of a manifest file; ``at`` leads to it within its document, which may be a List."""

    document: SpecDocument
    at: Path
    body: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return str(self.body.get("kind") or "")

    @property
    def name(self) -> str:
        return str(mapping(self.body.get("metadata")).get("name") or "")

    @property
    def title(self) -> str:
        """Kind and name, as far as there are any."""
        return f"{self.kind or 'an object'} {self.name}".strip()


@record
class WorkloadManifest:
    """A workload, and the way to its pod template within it."""

    object: ManifestObject
    template_at: Path
    template: Template

    def matches(self, wanted: str) -> bool:
        """Whether ``wanted``, a name or ``Kind/name``, means this one."""
        kind, slash, name = wanted.rpartition("/")
        return self.object.name == name and (not slash or kind.lower() == self.object.kind.lower())


def split(reference: str) -> tuple[str, str]:
    """``manifests/all.yaml#redis`` names a file and a workload in it; the second is empty where it names none."""
    path, _, wanted = reference.partition("#")
    return path, wanted


def objects(documents: Iterable[SpecDocument]) -> Iterator[ManifestObject]:
    """Every object, those of a List as well, which ``kubectl get`` writes."""
    for document in documents:
        items = document.value.get("items")
        if document.kind.endswith("List") and isinstance(items, list):
            for index, item in enumerate(items):
                if isinstance(item, Mapping):
                    yield ManifestObject(document, ("items", index), item)
        else:
            yield ManifestObject(document, (), document.value)


def workloads(documents: Iterable[SpecDocument]) -> list[WorkloadManifest]:
    """Those that make pods whose containers have names."""
    found = ((each, _template(each.body)) for each in objects(documents))
    return [WorkloadManifest(each, at, body) for each, (at, body) in found if body is not None]


def chosen(documents: Iterable[SpecDocument], wanted: str, component: str) -> list[WorkloadManifest]:
    """The workloads that a component of this name may start from: one, where the choice is clear.

    Of several without a ``wanted`` one it is the one of the component's name.
    """
    every = workloads(documents)
    if wanted:
        return [workload for workload in every if workload.matches(wanted)]
    named = [workload for workload in every if workload.object.name == component]
    return named if len(every) > 1 and len(named) == 1 else every


def _template(body: Mapping[str, Any]) -> tuple[Path, Template | None]:
    kind, spec = body.get("kind"), mapping(body.get("spec"))
    if kind == POD:
        # A Pod is its own template; kind, apiVersion and status are not part of one.
        at: Path = ()
        template: Any = {key: body[key] for key in ("metadata", "spec") if key in body}
    elif kind == kinds.CRON_JOB.name:
        at = kinds.CRON_JOB.pod_template
        template = mapping(mapping(spec.get("jobTemplate")).get("spec")).get("template")
    else:
        at, template = ("spec", "template"), spec.get("template")
    containers = mapping(mapping(template).get("spec")).get("containers")
    named = isinstance(containers, list) and all(isinstance(mapping(c).get("name"), str) for c in containers)
    return at, mapping(template) if named and containers else None
