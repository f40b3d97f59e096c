"""Nodes as a cluster would report them, made from the fleet: every node joined as its line in the join list says."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from milepost.model.fleet import Fleet, Node, Station
from milepost.model.plan import node_labels


def joined(fleet: Fleet) -> dict[str, dict[str, Any]]:
    """Name to Node object, of every node of the province."""
    stations = (station for group in fleet.province.groups for station in group.stations)
    pairs = ((node, station) for station in stations for node in station.nodes)
    return {node.name: _node(node, station, fleet.catalog.label_domain) for node, station in pairs}


def as_list(nodes: Iterable[dict[str, Any]]) -> str:
    """What ``kubectl get nodes -o json`` prints."""
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": list(nodes)})


def _node(node: Node, station: Station, domain: str) -> dict[str, Any]:
    profile = node.profile
    amounts = {
        "cpu": f"{profile.cpu - profile.reserved_cpu}m",
        "memory": str(profile.memory - profile.reserved_memory),
        "ephemeral-storage": str(profile.disk - profile.reserved_disk),
    }
    given = {
        "kubernetes.io/arch": profile.architecture,
        "kubernetes.io/hostname": node.name,
        "node-role.kubernetes.io/edge": "",
    }
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": node.name, "labels": node_labels(node, station, domain) | given},
        "spec": {},
        "status": {
            "allocatable": amounts,
            "capacity": {"cpu": "64", "memory": "1Ti", "ephemeral-storage": "9Ti"},
            "addresses": [{"type": "InternalIP", "address": node.row.address}] if node.row.address else [],
            "nodeInfo": {"architecture": profile.architecture},
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    }
