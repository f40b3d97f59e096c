"""Waiting pods: what a change selects on nodes that do not have the labels yet.

Labels of a node that has joined change by hand, not by a merge. Until somebody sets them, its pods are those that its old
labels select. A node that is new gets its labels when it joins, so nothing waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from milepost.publish.review.classify.compare import Comparison
from milepost.publish.review.classify.edit import Edit, EditAction
from milepost.publish.review.read.file_location import JOIN, FileLocation
from milepost.publish.review.read.join_lists import WORKLOADS, EdgeNode
from milepost.publish.review.read.tree_side import TreeSide


class WaitingPods(NamedTuple):
    """Pods that run once labels are set, and the nodes that they would run on."""

    pods: int
    nodes: int


class StoppingPods(NamedTuple):
    """Pods that stop once labels are set, the nodes that they run on, and the first of these."""

    pods: int = 0
    nodes: int = 0
    first: str = ""


def stopping_pods(comparison: Comparison) -> StoppingPods:
    """Of workloads of the head side, on nodes whose row in a join list changed."""
    pods, nodes = 0, list[str]()
    for place, was, node in _relabelled(comparison):
        # The same workloads, asked the other way around: with the new labels first.
        if stopped := _starting(comparison.after, node, was, place):
            pods += stopped
            nodes.append(node.name)
    return StoppingPods(pods, len(nodes), min(nodes, default=""))


def waiting_pods(comparison: Comparison) -> WaitingPods:
    """Of workloads of the head side, on nodes whose row in a join list changed."""
    pods, nodes = 0, set()
    for place, was, node in _relabelled(comparison):
        if found := _starting(comparison.after, was, node, place):
            pods += found
            nodes.add((place.province, node.name))
    return WaitingPods(pods, len(nodes))


def _relabelled(comparison: Comparison) -> Iterator[tuple[FileLocation, EdgeNode, EdgeNode]]:
    """Nodes that stay and get other labels, before and after."""
    before, after = comparison.before.joins, comparison.after.joins
    for place in _lists(comparison.edits):
        old = {node.name: node for node in before.nodes(place.province, place.group)}
        for node in after.nodes(place.province, place.group):
            was = old.get(node.name)
            if was is not None and was.labels != node.labels:
                yield place, was, node


def _lists(edits: Iterable[Edit]) -> list[FileLocation]:
    """The join lists in which a row changed, each once."""
    changed = (e.place for e in edits if e.place.role == JOIN and e.subject.action is EditAction.CHANGE)
    return list({place.path: place for place in changed}.values())


def _starting(side: TreeSide, was: EdgeNode, node: EdgeNode, place: FileLocation) -> int:
    """How many workloads select the node by its new labels, and not by those that it has."""
    return sum(
        found.selector.fits(node, where) and not found.selector.fits(was, where)
        for where, workloads in side.workloads.of_group(place.province, place.group, node.station)
        for found in workloads
        if found.identity.kind in WORKLOADS
    )
