"""The back-end interface: a module in ``lower/backends/`` that offers any of seven functions. Found by walking the
folder.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeVar

from milepost.diagnostics import Sink
from milepost.lower import backends
from milepost.lower.pod_security import Level, level, pod_specs
from milepost.lower.scope import PART_OF, GroupScope, ProvinceScope, StationScope
from milepost.model.cloud_side import UNIT
from milepost.model.manifest import Manifest, ManifestTemplate, StaticFile
from milepost.model.plan import GroupClass, Plan, StationClass, Workload
from milepost.model.record import record

StationBackend = Callable[[StationClass, StationScope], Iterable[Manifest]]
"""``lower_station``: objects of every station of a class; they go into the station's file."""
GroupBackend = Callable[[GroupClass, GroupScope], Iterable[Manifest]]
"""``lower_group``: objects of every group of a class; they go into the group's shared file."""
CloudBackend = Callable[[Sequence[Workload], ProvinceScope], Iterable[Manifest]]
"""``lower_cloud``: objects of one application's workloads in the province's cluster itself; they go into its file."""
ProvinceBackend = Callable[[Plan, Sink], Iterable["PlacedManifest | ManifestTemplate"]]
"""``lower_province``: objects that stand once in the province, each with its file; or files of one shape at many
places, which nobody else writes to."""
NamespaceBackend = Callable[[Plan, "OutputIndex"], Iterable["PlacedManifest | ManifestTemplate"]]
"""``lower_namespaces``: what depends on the pods of a namespace; sees what was made for it."""
DeliveryBackend = Callable[[Plan, "OutputIndex"], Iterable["PlacedManifest | ManifestTemplate | StaticFile"]]
"""``lower_delivery``: what brings units to the cluster or to machines; ``lower_listing``: what lists files, delivery
included. Both see what was made before."""

Phase = Literal[
    "lower_station",
    "lower_group",
    "lower_cloud",
    "lower_province",
    "lower_namespaces",
    "lower_delivery",
    "lower_listing",
]
F = TypeVar("F")


@record
class PlacedManifest:
    """An object and its file, relative to the province's tree."""

    path: str
    manifest: Manifest


@dataclass(slots=True)
class OutputIndex:
    """What was made so far: files, and numbers of objects by kind and by folder."""

    files: list[str] = field(default_factory=list)
    kinds: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    objects: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Number of objects by folder."""
    levels: dict[str, Level] = field(default_factory=dict)
    """Namespace to the Pod Security level that its pods need; one without pods is not there."""
    host_network: set[str] = field(default_factory=set)
    """Namespaces with pods of applications on their node's own network."""
    _names: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Files by folder."""

    def add(self, paths: Sequence[str], kinds: Sequence[str]) -> None:
        """Files that hold objects of ``kinds`` each."""
        self.files += paths
        for kind in kinds:
            self.kinds[kind] += len(paths)
        for path in paths:
            folder, _, name = path.rpartition("/")
            self.objects[folder] += len(kinds)
            self._names[folder].append(name)

    def add_pods(self, template: ManifestTemplate) -> None:
        """The pods of a template, in the namespace that each instance puts them into."""
        # By template and not by object: the pods of a class are alike, so one look decides for
        # thousands of namespaces.
        by_namespace: defaultdict[str, list[Any]] = defaultdict(list)
        on_hosts: set[str] = set()
        for manifest in template.manifests:
            if pods := list(pod_specs(manifest.body)):
                metadata = manifest.body["metadata"]
                by_namespace[metadata["namespace"]] += pods
                if PART_OF in metadata.get("labels", ()) and any(pod.get("hostNetwork") for pod in pods):
                    on_hosts.add(metadata["namespace"])
        for pattern, specs in by_namespace.items():
            needed = max(map(level, specs))
            # The strictest level must let the most demanding pod in: Pod Security admission
            # refuses the whole pod, and a DaemonSet then shows nothing but an event.
            for namespace in set(template.filled(pattern)):
                self.levels[namespace] = max(needed, self.levels.get(namespace, needed))
                if pattern in on_hosts:
                    self.host_network.add(namespace)

    def folders(self) -> Mapping[str, list[str]]:
        """Folders that kustomize builds, each with its files; both sorted."""
        return {folder: sorted(self._names[folder]) for folder in self._built()}

    def units(self) -> list[str]:
        """Folders that one agent object syncs; ``sync`` itself is what the cluster is pointed at."""
        return [folder for folder in self._built() if folder != "sync"]

    def _built(self) -> list[str]:
        built = [name for name in self._names if name in _FOLDERS or name.startswith(_FAMILIES)]
        # With the slash, as the paths of their files sort: `-` comes before `/`, so
        # `groups/a-b/` before `groups/a/`.
        return sorted(built, key=lambda folder: f"{folder}/")


_FOLDERS = ("sync", "edge", "registry", UNIT)
_FAMILIES = ("groups/", "platform/", "prepull/")


@cache
def backend_functions(phase: Phase) -> tuple[Any, ...]:
    """The functions of one phase, in order of module name."""
    # Sorted by hand: the order of a folder depends on the file system, and with it the order of
    # templates would.
    names = sorted(m.name for m in pkgutil.iter_modules(backends.__path__))
    modules = [importlib.import_module(f"{backends.__name__}.{name}") for name in names]
    return tuple(getattr(module, phase) for module in modules if hasattr(module, phase))
