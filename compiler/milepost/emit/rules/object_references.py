"""Object references of pods: the ServiceAccounts, ConfigMaps and claims that they name are in the tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code, Severity
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import PodTemplate, pod_templates
from milepost.emit.rendered import Rendered
from milepost.model import kinds
from milepost.model.document import Path
from milepost.model.manifest import PLACEHOLDER_OPEN
from milepost.model.pod_template import mapping

MP6066 = Code(
    "MP6066",
    "name of an object that nothing renders",
    "A pod whose ServiceAccount, ConfigMap or claim is missing never starts: it is not created at all, or waits for the "
    "volume. Manifests and patches bring such names along. Secrets are made in the cluster and not looked for, nor is what "
    "is `optional`.",
    "# from: old/logship.yaml, whose pods say serviceAccountName: logship\n",
    Severity.WARNING,
)
_IN_EVERY_NAMESPACE = {
    (kinds.SERVICE_ACCOUNT.name, "default"),
    (kinds.CONFIG_MAP.name, "kube-root-ca.crt"),
}
"""What Kubernetes makes by itself."""
Reference = tuple[Path, str, str]
"""Path, kind and name."""


def check(rendered: Rendered, findings: Findings) -> None:
    known = _Known(rendered)
    for pod in pod_templates(rendered):
        for path, kind, name in _references(pod):
            if name and (kind, name) not in _IN_EVERY_NAMESPACE and not _is_beside(pod, kind, name):
                missing = [n for n in _namespaces(pod, path) if (n, name) not in known[kind]]
                if missing:
                    findings.add(
                        MP6066,
                        pod.obj,
                        path,
                        f'names the {kind} "{name}", which is not in the tree',
                        "put its manifest into a file under the application's `objects`, or make it in the cluster",
                    )


def _references(pod: PodTemplate) -> Iterator[Reference]:
    account = pod.spec.get("serviceAccountName")
    if isinstance(account, str):
        yield (*pod.path, "serviceAccountName"), kinds.SERVICE_ACCOUNT.name, account
    for at, volume in _items(pod.spec, "volumes", pod.path):
        yield from _named(volume, "configMap", "name", kinds.CONFIG_MAP.name, at)
        yield from _named(
            volume, "persistentVolumeClaim", "claimName", kinds.PERSISTENT_VOLUME_CLAIM.name, at
        )
        for inner, source in _items(mapping(volume.get("projected")), "sources", (*at, "projected")):
            yield from _named(source, "configMap", "name", kinds.CONFIG_MAP.name, inner)
    for place, container in pod.containers:
        for at, variable in _items(container, "env", place):
            source = mapping(variable.get("valueFrom"))
            yield from _named(source, "configMapKeyRef", "name", kinds.CONFIG_MAP.name, (*at, "valueFrom"))
        for at, group in _items(container, "envFrom", place):
            yield from _named(group, "configMapRef", "name", kinds.CONFIG_MAP.name, at)


def _items(holder: Mapping[str, Any], field: str, at: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    listed = holder.get(field)
    for index, item in enumerate(listed if isinstance(listed, list | tuple) else ()):
        if isinstance(item, Mapping):
            yield (*at, field, index), item


def _named(holder: Mapping[str, Any], field: str, key: str, kind: str, at: Path) -> Iterator[Reference]:
    reference = mapping(holder.get(field))
    if isinstance(name := reference.get(key), str) and reference.get("optional") is not True:
        yield (*at, field, key), kind, name


def _is_beside(pod: PodTemplate, kind: str, name: str) -> bool:
    """Whether the object stands in the same file, whatever the place: what Milepost itself makes nearly always does."""
    template, manifest = pod.obj.template, pod.obj.manifest
    if template is None or manifest is None:
        return False
    first = template.instances[0]
    namespace = pod.obj.body["metadata"].get("namespace")
    return any(
        other.kind == kind
        and (made := other.heading(first)["metadata"])["name"] == name
        and made.get("namespace") == namespace
        for other in template.manifests
        if other.kind == kind
    )


def _namespaces(pod: PodTemplate, path: Path) -> list[str]:
    """Every namespace that the pod runs in where the name is the same everywhere; otherwise that of the first place."""
    here = [str(pod.obj.body["metadata"].get("namespace") or "")]
    if pod.obj.manifest is None or pod.obj.template is None or pod.obj.inside:
        return here
    pattern: Any = pod.obj.manifest.body
    for step in path:
        pattern = pattern[step]
    if PLACEHOLDER_OPEN in str(pattern):
        return here
    own = pod.obj.manifest.body["metadata"].get("namespace") or ""
    return sorted(set(pod.obj.template.filled(own)))


class _Known(dict[str, set[tuple[str, str]]]):
    """Kind to namespace and name of every object of it, worked out for kinds that somebody asks for."""

    def __init__(self, rendered: Rendered) -> None:
        super().__init__()
        self._rendered = rendered

    def __missing__(self, kind: str) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for manifest, template in self._rendered.stamped(kind):
            metadata = manifest.body["metadata"]
            spaces = template.filled(metadata.get("namespace") or "")
            found.update(zip(spaces, template.filled(metadata["name"]), strict=True))
        self[kind] = found
        return found
