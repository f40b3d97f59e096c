"""Objects of every node of a fleet, by brute force: each rendered file parsed, each node of the Fleet asked.

Knows nothing of how a review reads a tree: places come from the names of the Fleet, objects from a YAML reader, images
from what kustomize would make of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from compiling import Compilation
from kustomize import images_of, with_images
from milepost.model.fleet import Node, Station, StationGroup
from milepost.model.plan import node_labels
from objects import parse

Objects = dict[str, Any]
Key = tuple[str, str]
"""Province and node."""
RUNNING = (
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "Job",
    "CronJob",
    "EdgeApplication",
    "ImagePrePullJob",
    "ImagePullJob",
    "NodeUpgradeJob",
    "ConfigUpdateJob",
)
OF_NODES = ("ImagePrePullJob", "ImagePullJob", "NodeUpgradeJob", "ConfigUpdateJob")
"""Jobs that name or select edge nodes themselves, wherever their file stands."""
UPGRADE = "bootstrap/upgrade/"
READ = ("ConfigMap", "Secret", "PersistentVolumeClaim", "ServiceAccount")
OF_NOBODY = re.compile(
    r"milepost\.json|(.*/)?kustomization\.yaml|cloud/.*|releases/.*|bootstrap/argocd/.*|.*/milepost-cloud\.yaml"
)


def stations_of(fleet: Compilation) -> dict[Key, str]:
    """Each node's station, from the Fleet."""
    return {(p, node.name): station.name for p, _, station, node in _nodes(fleet)}


def node_objects(fleet: Compilation) -> dict[Key, Objects]:
    """Each node to what concerns it: file and identity to the object as it reaches a cluster, or a machine."""
    domain = next(iter(fleet.provinces.values())).plan.fleet.catalog.label_domain
    files = {province: list(_placed(fleet, province)) for province in fleet.provinces}
    found: dict[Key, Objects] = {}
    for province, group, station, node in _nodes(fleet):
        here = [f for f in files[province] if f.group in ("", group.name) and f.station in ("", station.name)]
        labels = {
            **node_labels(node, station, domain),
            "kubernetes.io/arch": node.profile.architecture,
            "kubernetes.io/hostname": node.name,
            "kubernetes.io/os": "linux",
            "node-role.kubernetes.io/edge": "",
        }
        pods = [f for f in here if f.runs and _fits(f.body, labels, station, group)]
        texts = json.dumps([f.body for f in pods])
        read = [f for f in here if f.is_read and f'"{f.body["metadata"]["name"]}"' in texts]
        parts = {f.body["metadata"].get("labels", {}).get("app.kubernetes.io/part-of") for f in pods}
        rest = [f for f in here if not f.runs and not f.is_read and f.application in ("", *parts)]
        own: Objects = {f.key: f.body for f in (*pods, *read, *rest)}
        found[province, node.name] = {"join": _row(fleet, province, group, node), **own}
    return found


class Placed(NamedTuple):
    """An object or a text of a file, and the group and station whose names stand in its path."""

    path: str
    body: Any
    group: str
    station: str

    @property
    def kind(self) -> str:
        return self.body["kind"] if isinstance(self.body, dict) else ""

    @property
    def key(self) -> str:
        if not self.kind:
            return self.path
        metadata = self.body["metadata"]
        return f"{self.path} {self.kind} {metadata.get('namespace', '')}/{metadata['name']}"

    @property
    def application(self) -> str:
        """Whose unit it syncs, of a group's application that waits; else empty."""
        found = re.fullmatch(r"sync/[^/.]+\.([^/.]+)\.yaml", self.path)
        return found[1] if found else ""

    @property
    def runs(self) -> bool:
        """On edge nodes: what stands in no group runs in the province's own cluster, but for jobs of nodes."""
        return self.kind in RUNNING and (bool(self.group) or self.kind in OF_NODES)

    @property
    def is_read(self) -> bool:
        return self.kind in READ and bool(self.group)


def _nodes(fleet: Compilation) -> Iterator[tuple[str, StationGroup, Station, Node]]:
    for name, made in fleet.provinces.items():
        for group in made.plan.fleet.province.groups:
            for station in group.stations:
                for node in station.nodes:
                    yield name, group, station, node


def _placed(fleet: Compilation, province: str) -> Iterator[Placed]:
    groups = {
        g.name: {s.name for s in g.stations} for g in fleet.provinces[province].plan.fleet.province.groups
    }
    for path, body in _parsed(dict(fleet.trees[province].items())):
        folder, _, file = path.rpartition("/")
        names = [*folder.split("/"), file.partition(".")[0]]
        group = next((name for name in names if name in groups), "")
        station = next((name for name in names[2:] if name in groups.get(group, ())), "")
        yield Placed(path, body, group, station)


def _parsed(files: dict[str, bytes]) -> Iterator[tuple[str, Any]]:
    for path, data in files.items():
        if OF_NOBODY.fullmatch(path) or path.startswith("bootstrap/join/"):
            continue
        if not path.endswith(".yaml") or (path.startswith("bootstrap/") and not path.startswith(UPGRADE)):
            yield path, data.decode()
            continue
        unit = path.rpartition("/")[0]
        for body in parse(data):
            yield path, with_images(body, _final(files, unit, body)) if unit.startswith("groups/") else body


def _final(files: dict[str, bytes], unit: str, body: Any) -> Callable[[str], str]:
    """By the unit of its own that an application has while it waits for a pre-pull, or by the group's."""
    application = body["metadata"].get("labels", {}).get("app.kubernetes.io/part-of", "")
    own = f"switch/{unit.partition('/')[2]}.{application}"
    return images_of(files, own if f"{own}/kustomization.yaml" in files else unit)


def _row(fleet: Compilation, province: str, group: StationGroup, node: Node) -> str:
    text = fleet.files[f"{province}/bootstrap/join/{group.name}.tsv"].decode()
    return next(line for line in text.splitlines() if line.startswith(f"{node.name}\t"))


def _fits(body: Any, labels: dict[str, str], station: Station, group: StationGroup) -> bool:
    spec = body["spec"]
    if body["kind"] in ("NodeUpgradeJob", "ConfigUpdateJob"):
        return labels["kubernetes.io/hostname"] in spec["nodeNames"]
    if body["kind"] == "ImagePrePullJob":
        asked = spec["imagePrePullTemplate"]
        if "nodeNames" in asked:
            return labels["kubernetes.io/hostname"] in asked["nodeNames"]
        return _selected(asked["labelSelector"], labels)
    if body["kind"] == "ImagePullJob":
        asked = spec.get("selector", {})
        return (
            labels["kubernetes.io/hostname"] in asked["names"]
            if "names" in asked
            else _selected(asked, labels)
        )
    if body["kind"] == "EdgeApplication":
        targets = {t["name"] for t in spec["workloadScope"]["targetNodeGroups"]}
        if not targets & {station.name, group.name}:
            return False
        spec = spec["workloadTemplate"]["manifests"][0]["spec"]
    if body["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    pod = spec["template"]["spec"]
    if any(labels.get(key) != value for key, value in pod.get("nodeSelector", {}).items()):
        return False
    required = (
        pod.get("affinity", {}).get("nodeAffinity", {}).get("requiredDuringSchedulingIgnoredDuringExecution")
    )
    return required is None or any(_selected(term, labels) for term in required["nodeSelectorTerms"])


def _selected(term: Any, labels: dict[str, str]) -> bool:
    for key, value in term.get("matchLabels", {}).items():
        if labels.get(key) != value:
            return False
    for rule in term.get("matchExpressions", ()):
        if rule["operator"] == "In" and labels.get(rule["key"]) not in rule["values"]:
            return False
        if rule["operator"] == "Exists" and rule["key"] not in labels:
            return False
        if rule["operator"] == "NotIn" and labels.get(rule["key"]) in rule["values"]:
            return False
        if rule["operator"] == "DoesNotExist" and rule["key"] in labels:
            return False
    return True
