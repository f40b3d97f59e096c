"""A rendered object: one Kubernetes object as output checks see it, with its file and the place that asked for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from milepost.model.document import Path
from milepost.model.kinds import KUSTOMIZATION, names
from milepost.model.manifest import Manifest, ManifestTemplate, unit_of
from milepost.model.origin import Origin

_INNER = (dict, list, tuple)
KUSTOMIZE = f"{KUSTOMIZATION.group}/"
CLUSTER_SCOPED = names(lambda kind: kind.cluster_scoped)
"""The kinds that are in no namespace."""


@dataclass(frozen=True, eq=False)
class RenderedObject:
    """An object, the file that it stands in and the place that asked for it; or one inside an EdgeApplication."""

    body: Mapping[str, Any]
    file: str
    manifest: Manifest | None = None
    template: ManifestTemplate | None = None
    inside: Path = ()
    """Where it stands in the object that holds it; empty for an object of its own."""
    holder: str = ""
    """Kind and name of that object."""
    known: bool = False
    """Whether an earlier province had it, with other fillings, and nothing was found in it."""

    @property
    def origin(self) -> Origin | None:
        """The place of its instance, or of all that are of its shape."""
        instances = self.template.instances if self.template else ()
        own = next((instance.origin for instance in instances if instance.path == self.file), None)
        return own or (self.manifest.origin if self.manifest else None)

    @property
    def kind(self) -> str:
        return str(self.body.get("kind", ""))

    @property
    def api_version(self) -> str:
        return str(self.body.get("apiVersion", ""))

    @property
    def metadata(self) -> Mapping[str, Any]:
        return mapping(self.body, "metadata")

    @property
    def name(self) -> str:
        return str(self.metadata.get("name", ""))

    @property
    def namespace(self) -> str:
        return str(self.metadata.get("namespace") or "")

    @property
    def title(self) -> str:
        """How a message names it."""
        return self.holder or f"{self.kind} {self.name or self.file}"

    @property
    def stem(self) -> str:
        """The name of its file without its ending, which is the name of the station, group or unit that it is for."""
        return self.file.rpartition("/")[2].partition(".")[0]

    @property
    def unit(self) -> str:
        return unit_of(self.file)

    @cached_property
    def json(self) -> str:
        """The object as JSON, all in ASCII: a quick place to look for what is rarely there."""
        return json.dumps(self.body)

    @cached_property
    def nodes(self) -> list[tuple[Path, dict[str, Any]]]:
        """Every mapping in the object and the path to it; the object itself first."""
        found: list[tuple[Path, dict[str, Any]]] = []
        waiting: list[tuple[Path, Any]] = [((), self.body)]
        # One walk with a list of what is left, kept for all rules, instead of a recursive one
        # in each of them.
        while waiting:
            path, node = waiting.pop()
            if isinstance(node, dict):
                found.append((path, node))
                for key, child in node.items():
                    if isinstance(child, _INNER):
                        waiting.append(((*path, key), child))
            else:
                for place, child in enumerate(node):
                    if isinstance(child, _INNER):
                        waiting.append(((*path, place), child))
        return found


def mapping(node: Any, *path: str) -> Mapping[str, Any]:
    """What stands at ``path`` below ``node``; empty where that is no mapping."""
    for step in path:
        node = node.get(step) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}
