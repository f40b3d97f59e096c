"""What a change of a tree makes anew: as its objects say it, as ``milepost diff`` says it, and as the controllers did it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from objects import Object
from plane import apply
from plane.api import Api
from plane.cluster import Cluster
from plane.observe import Watch
from plane.province import Spec

WORKLOADS = ("Deployment", "DaemonSet", "StatefulSet")


def templates(cluster: Cluster, tree: Path) -> dict[str, Object]:
    """The pod template of each workload of a tree, as the real kustomize builds it, by kind, namespace and name."""
    found: dict[str, Object] = {}
    for unit in apply.units(tree):
        built = cluster.kubectl("kustomize", str(tree / unit)).stdout
        for body in yaml.load_all(built, yaml.CSafeLoader):
            if body and body["kind"] in WORKLOADS:
                meta = body["metadata"]
                found[f"{body['kind']}/{meta['namespace']}/{meta['name']}"] = body["spec"]["template"]
    return found


def owner(pod: Object) -> str:
    """The workload that made a pod, by kind, namespace and name; a Deployment stands behind its ReplicaSet."""
    (made_by,) = pod["metadata"]["ownerReferences"]
    kind, name = made_by["kind"], made_by["name"]
    if kind == "ReplicaSet":
        kind, name = "Deployment", name.rpartition("-")[0]
    return f"{kind}/{pod['metadata']['namespace']}/{name}"


def restarts(spec: Spec, province: str) -> set[str]:
    """Stations of a province whose pods restart, as ``milepost diff HEAD`` says it."""
    review = json.loads(spec.milepost("diff", "HEAD", "--format", "json"))
    lines = [line for line in review["lines"] if line["effect"] == "restarts pods"]
    return {s.partition("/")[2] for line in lines for s in line["stations"] if s.startswith(f"{province}/")}


def stations_of(api: Api, pods: Iterable[Object]) -> set[str]:
    """Stations whose nodes hold pods of these uids."""
    uids = {pod["metadata"]["uid"] for pod in pods}
    station = {
        n["metadata"]["name"]: v
        for n in api.all("nodes")
        for k, v in n["metadata"]["labels"].items()
        if k.endswith("/station")
    }
    return {station[p["spec"]["nodeName"]] for p in api.all("pods") if p["metadata"]["uid"] in uids}


def least(watch: Watch, row: Mapping[str, Any]) -> int:
    """How few pods of a component were ready at its station at once, of those that the watch saw change."""
    ends = f"{row['application']}-{row['component']}"
    seen = [n for (_, name, station), n in watch.least.items() if station == row["station"] and name == ends]
    return min(seen, default=row["instances"])
