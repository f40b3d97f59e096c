"""Node objects, as edge computers of a compiled province would register: from its join lists and the spec's profiles.

Read from the files that technicians read, by nothing of Milepost's.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import yaml

from objects import Object

EDGE = {"kubernetes.io/os": "linux", "node-role.kubernetes.io/edge": "", "node-role.kubernetes.io/agent": ""}
"""What EdgeCore itself puts on a node, beside its name and architecture."""
_UNITS = {
    "m": Decimal("0.001"),
    "Ki": 2**10,
    "Mi": 2**20,
    "Gi": 2**30,
    "Ti": 2**40,
    "k": 10**3,
    "M": 10**6,
    "G": 10**9,
}


def nodes(tree: Path, spec: Path) -> list[Object]:
    """One Node for each line of every join list of a province's tree, and in the cloud the cluster's own and those of its pool."""
    every = list(documents(spec))
    profiles = {d["metadata"]["name"]: d["spec"] for d in every if d.get("kind") == "HardwareProfile"}
    pool = _pool(every, tree.name)
    return [_cloud(every), *pool, *(_node(row, profiles, index) for index, row in enumerate(_rows(tree)))]


def documents(spec: Path) -> Iterator[Object]:
    """Every document of a fleet spec; templates and imported manifests are none."""
    for file in sorted(spec.rglob("*.yaml")):
        if not {"templates", "manifests"} & set(file.relative_to(spec).parts):
            yield from (d for d in yaml.safe_load_all(file.read_text()) if isinstance(d, dict))


def _rows(tree: Path) -> Iterator[dict[str, str]]:
    for file in sorted((tree / "bootstrap" / "join").glob("*.tsv")):
        with file.open(newline="") as lines:
            yield from csv.DictReader(lines, delimiter="\t")


def _node(row: Mapping[str, str], profiles: Mapping[str, Object], index: int) -> Object:
    labels = dict(pair.partition("=")[::2] for pair in row["labels"].split(","))
    profile = profiles[next(value for key, value in labels.items() if key.endswith("/profile"))]
    own = {"kubernetes.io/hostname": row["node"], "kubernetes.io/arch": row["architecture"]}
    address = f"10.{64 + index // 62500}.{index // 250 % 250}.{index % 250 + 1}"
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": row["node"], "labels": labels | own | EDGE},
        "spec": {},
        "status": _sizes(profile)
        | {
            "addresses": [
                {"type": "InternalIP", "address": address},
                {"type": "Hostname", "address": row["node"]},
            ],
            "nodeInfo": _info(row["architecture"]),
        },
    }


def _sizes(profile: Object) -> Object:
    """Capacity is the hardware's; allocatable is what the system's reserve leaves of it."""
    reserved = profile.get("reserved", {})
    cpu, memory = (quantity(profile[kind]) for kind in ("cpu", "memory"))
    free_cpu, free_memory = (
        cpu - quantity(reserved.get("cpu", 0)),
        memory - quantity(reserved.get("memory", 0)),
    )
    disk = {"ephemeral-storage": str(int(quantity(profile["disk"]))), "pods": "110"}
    return {
        "capacity": {"cpu": f"{int(cpu * 1000)}m", "memory": str(int(memory)), **disk},
        "allocatable": {"cpu": f"{int(free_cpu * 1000)}m", "memory": str(int(free_memory)), **disk},
    }


def _info(architecture: str) -> Object:
    empty = ("osImage", "kernelVersion", "kubeProxyVersion", "machineID", "systemUUID", "bootID")
    return {
        "architecture": architecture,
        "operatingSystem": "linux",
        "kubeletVersion": "v1.32.10-kubeedge-v1.23.1",
        "containerRuntimeVersion": "containerd://1.7.24",
        **dict.fromkeys(empty, ""),
    }


def quantity(text: object) -> Decimal:
    """A quantity of Kubernetes as a number."""
    digits = str(text).rstrip("KMGTikm")
    unit = str(text)[len(digits) :]
    return Decimal(digits) * (_UNITS[unit] if unit else 1)


def _cloud(documents: Iterable[Object]) -> Object:
    """An ordinary node with an ordinary kubelet, labelled for the mirror that a registry tier puts into the cluster."""
    tiers = [
        d["spec"] for d in documents if d.get("kind") == "RegistryTier" and d["spec"]["level"] == "province"
    ]
    wanted = [tier.get("mirror", {}).get("nodes", {}).get("labels", {}) for tier in tiers]
    return _server("cloud", "16", "64Gi", {key: value for each in wanted for key, value in each.items()})


def _pool(documents: Iterable[Object], province: str) -> list[Object]:
    """As many nodes for what the province itself runs as it says that there are, each as large as it says."""
    named = (d for d in documents if d.get("kind") == "Province" and d["metadata"]["name"] == province)
    cloud = next(named, {"spec": {}})["spec"].get("cloud", {})
    pool = cloud.get("pool", {"nodes": 0})
    return [
        _server(f"pool-{n}", str(pool["cpu"]), pool["memory"], cloud.get("labels", {}))
        for n in range(pool["nodes"])
    ]


def _server(name: str, cpu: str, memory: str, more: Mapping[str, str]) -> Object:
    labels = {"kubernetes.io/hostname": name, "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux"}
    size = {"cpu": cpu, "memory": memory, "ephemeral-storage": "500Gi", "pods": "110"}
    status = {
        "capacity": size,
        "allocatable": size,
        "nodeInfo": _info("amd64") | {"kubeletVersion": "v1.32.10"},
    }
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {**labels, **more}},
        "spec": {},
        "status": status,
    }
