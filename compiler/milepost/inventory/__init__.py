"""Inventory against a cluster: the nodes that the spec names beside those that a cluster reports, and labels to change.

GitOps must not own Node objects, and the kubelet sets labels at first registration alone. So what differs after day one is
told to people, with the commands that mend it. Nothing here talks to a cluster: what ``kubectl`` printed is read.
"""

from milepost.inventory.cluster import ClusterNode, NodeListError, read_nodes
from milepost.inventory.comparison import Difference, DifferenceKind, compare
from milepost.inventory.relabel import LabelEdit, between, commands

__all__ = [
    "ClusterNode",
    "Difference",
    "DifferenceKind",
    "LabelEdit",
    "NodeListError",
    "between",
    "commands",
    "compare",
    "read_nodes",
]
