"""Nodes as a cluster reports them: the output of ``kubectl get nodes -o json``, read.

Only what the comparison asks for is kept. Fields are those of core/v1 Node: ``status.allocatable`` is what the scheduler
counts with, ``status.capacity`` stands in for a node that has not reported it yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from milepost.model.quantity import MILLI, quantity

EDGE = "node-role.kubernetes.io/edge"
"""The label that EdgeCore registers every edge node with."""


class NodeListError(ValueError):
    """What was given is no list of nodes; the message says what it is instead."""


class ClusterNode(NamedTuple):
    """CPU in millicores, memory and disk in bytes; None where the node has reported none."""

    name: str
    labels: Mapping[str, str]
    architecture: str | None
    address: str | None
    cpu: int | None
    memory: int | None
    disk: int | None
    ready: bool
    cordoned: bool


def read_nodes(text: str) -> list[ClusterNode]:
    """The nodes of a ``List`` or ``NodeList``, or one ``Node``. Raises NodeListError."""
    try:
        read = json.loads(text)
    except ValueError as error:
        raise NodeListError(f"this is not JSON ({error}); make it with `kubectl get nodes -o json`") from None
    return [_node(item) for item in _items(read)]


def _items(read: Any) -> Iterator[Mapping[str, Any]]:
    kind = read.get("kind") if isinstance(read, dict) else None
    if kind not in ("List", "NodeList", "Node"):
        found = f"kind {kind}" if isinstance(kind, str) else "something else"
        raise NodeListError(
            f"a list of nodes is wanted, this is {found}; make it with `kubectl get nodes -o json`"
        )
    for item in [read] if kind == "Node" else read.get("items") or []:
        # The items of a NodeList carry no kind of their own.
        if not isinstance(item, dict) or item.get("kind", "Node") != "Node":
            raise NodeListError(
                "the list holds other things than nodes; make it with `kubectl get nodes -o json`"
            )
        yield item


def _node(item: Mapping[str, Any]) -> ClusterNode:
    metadata, spec, status = (item.get(part) or {} for part in ("metadata", "spec", "status"))
    name = metadata.get("name")
    if not isinstance(name, str):
        raise NodeListError("the list holds a node without a name")
    labels = metadata.get("labels") or {}
    amounts = {**(status.get("capacity") or {}), **(status.get("allocatable") or {})}
    try:
        cpu, memory, disk = _amounts(amounts)
    except ValueError as error:
        raise NodeListError(f"of what node {name} reports, {error}") from None
    return ClusterNode(
        name=name,
        labels=labels,
        # nodeInfo is what the kubelet found; the label can be edited by hand.
        architecture=(status.get("nodeInfo") or {}).get("architecture") or labels.get("kubernetes.io/arch"),
        address=next(
            (a["address"] for a in status.get("addresses") or [] if a.get("type") == "InternalIP"), None
        ),
        cpu=cpu,
        memory=memory,
        disk=disk,
        ready=any(
            c.get("type") == "Ready" and c.get("status") == "True" for c in status.get("conditions") or []
        ),
        cordoned=bool(spec.get("unschedulable")),
    )


def _amounts(amounts: Mapping[str, Any]) -> tuple[int | None, int | None, int | None]:
    """A cluster may report fractions of a byte (``m``), which a request may not have."""
    cpu, memory, disk = (amounts.get(key) for key in ("cpu", "memory", "ephemeral-storage"))
    return (
        None if cpu is None else quantity(str(cpu)).count(MILLI),
        None if memory is None else quantity(str(memory)).count(),
        None if disk is None else quantity(str(disk)).count(),
    )
