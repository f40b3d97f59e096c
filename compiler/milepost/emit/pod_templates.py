"""Pod templates of rendered workloads, and the containers in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model.document import Path
from milepost.model.kinds import KINDS

WORKLOADS = tuple(kind.name for kind in KINDS if kind.pod_template)
EDGE_ROLE = "node-role.kubernetes.io/edge"


@dataclass(frozen=True, slots=True, eq=False)
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
        """A pod that names no node runs wherever there is room, on edge nodes too; only saying so keeps it off."""
        # KubeEdge sets no taint on edge nodes, so "not told to stay away" means that a pod may
        # land there.
        return not any(
            expression.get("key") == EDGE_ROLE and expression.get("operator") == "DoesNotExist"
            for term in node_terms(self.spec)
            for expression in term.get("matchExpressions") or ()
        )


def pod_templates(rendered: Rendered) -> Iterator[PodTemplate]:
    """The pod template of every sound workload."""
    for obj in rendered.of(*WORKLOADS):
        template = (obj.body.get("spec") or {}).get("template") or {}
        yield PodTemplate(obj, template.get("metadata") or {}, template.get("spec") or {})


def node_terms(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The node selector terms that a pod requires; one of them must fit."""
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}
    return list(required.get("nodeSelectorTerms") or ())
