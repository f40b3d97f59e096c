"""Targets of an EdgeApplication: at least one, not too many, each once, and each existing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject, mapping
from milepost.model import kinds
from milepost.model.document import Path
from milepost.model.manifest import fill

MP6042 = Code(
    "MP6042",
    "invalid EdgeApplication target",
    "KubeEdge keeps every copy's name in one annotation, so 200 targets are the most. Two equal targets make two "
    "Deployments of one name. A label target gets its name and its nodes from exactly one label. A group that is not "
    "there is not reported: its pods wait for ever.",
    "edgeApplication: true  # at a station group of 300 stations\n",
)
MOST = 200


def check(rendered: Rendered, findings: Findings) -> None:
    groups = _groups(rendered)
    for application in rendered.of(kinds.EDGE_APPLICATION.name):
        scope = application.body["spec"]["workloadScope"]
        for path, predicate in (*_count(scope), *_names(application, scope, groups), *_labels(scope)):
            findings.add(MP6042, application, ("spec", "workloadScope", *path), predicate)


def _groups(rendered: Rendered) -> set[str]:
    return {
        fill(manifest.name, instance.values)
        for manifest, template in rendered.stamped(kinds.NODE_GROUP.name)
        for instance in template.instances
    }


def _count(scope: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    targets = len(scope.get("targetNodeGroups") or ()) + len(scope.get("targetNodeLabels") or ())
    if not targets:
        yield (), "names no target, so nothing would be deployed"
    elif targets > MOST:
        yield (), f"names {targets} targets, more than {MOST}"


def _names(
    application: RenderedObject, scope: Mapping[str, Any], groups: set[str]
) -> Iterator[tuple[Path, str]]:
    names = [target["name"] for target in scope.get("targetNodeGroups") or ()]
    manifests = application.body["spec"]["workloadTemplate"]["manifests"]
    deployments = [mapping(m, "metadata") for m in manifests if m.get("kind") == kinds.DEPLOYMENT.name]
    deployment = max((len(str(metadata.get("name", ""))) for metadata in deployments), default=0)
    for index, (name, times) in enumerate(Counter(names).items()):
        path = ("targetNodeGroups", index, "name")
        if times > 1:
            yield ("targetNodeGroups",), f'names the group "{name}" {times} times'
        if name not in groups:
            yield path, f'names the group "{name}", which is not rendered'
        # KubeEdge names each copy `<deployment>-<group>`, and pods carry that as a label.
        if deployment + 1 + len(name) > 63:
            yield (
                path,
                f"makes a Deployment whose name has {deployment + 1 + len(name)} characters, more than 63",
            )


def _labels(scope: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    seen: list[Any] = []
    for index, target in enumerate(scope.get("targetNodeLabels") or ()):
        selector = target["labelSelector"]
        path = ("targetNodeLabels", index, "labelSelector")
        # Two labels come out of a Go map in any order, so the affinity changes and pods
        # restart; expressions alone give neither a name nor an affinity.
        if len(selector.get("matchLabels") or {}) != 1 or selector.get("matchExpressions"):
            yield path, "must be exactly one label under matchLabels"
        if selector in seen:
            yield path, "stands there twice"
        seen.append(selector)
