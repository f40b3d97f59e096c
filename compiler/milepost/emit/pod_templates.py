"""Pod templates of rendered workloads, and the containers in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject, mapping
from milepost.model.document import Path
from milepost.model.kinds import KINDS, find
from milepost.model.record import record

WORKLOADS = tuple(kind.name for kind in KINDS if kind.pod_template)
EDGE_ROLE = "node-role.kubernetes.io/edge"


@record
class PodTemplate:
    """A pod template; ``path`` leads to its spec."""

    obj: RenderedObject
    metadata: Mapping[str, Any]
    spec: Mapping[str, Any]
    path: Path = ("spec", "template", "spec")

    @property
    def containers(self) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """Init containers first, as they run."""
        for field in ("initContainers", "containers"):
            for index, container in enumerate(self.spec.get(field) or ()):
                yield (*self.path, field, index), container

    @property
    def on_the_edge(self) -> bool:
        """A pod that names no node runs wherever there is room, on edge nodes too; only saying so keeps it off, in each
        of its terms, as one of them is enough.
        """
        # KubeEdge sets no taint on edge nodes, so "not told to stay away" means that a pod may
        # land there.
        terms = node_terms(self.spec)
        return not terms or not all(map(_off_the_edge, terms))

    @property
    def metadata_path(self) -> Path:
        return (*self.path[:-1], "metadata")


def pod_templates(rendered: Rendered, known: bool = False) -> Iterator[PodTemplate]:
    """The pod template of every sound workload; those that an earlier province had only where ``known`` are wanted too."""
    for obj in rendered.of(*WORKLOADS):
        if obj.known and not known:
            continue
        kind = find(obj.api_version, obj.kind)
        path = kind.pod_template if kind and kind.pod_template else ("spec", "template")
        template = mapping(obj.body, *path)
        yield PodTemplate(obj, template.get("metadata") or {}, template.get("spec") or {}, (*path, "spec"))


def _off_the_edge(term: Mapping[str, Any]) -> bool:
    return any(
        expression.get("key") == EDGE_ROLE and expression.get("operator") == "DoesNotExist"
        for expression in term.get("matchExpressions") or ()
    )


def node_terms(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The node selector terms that a pod requires; one of them must fit."""
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}
    return list(required.get("nodeSelectorTerms") or ())
