"""Waiting pods: what a change selects on nodes that do not have the labels yet.

Labels of a node that has joined change by hand, not by a merge. Until somebody sets them, its pods are those that its old
labels select. A node that is new gets its labels when it joins, so nothing waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from milepost.publish.review.classify.compare import Comparison
from milepost.publish.review.classify.edit import Edit, EditAction
from milepost.publish.review.read.file_location import JOIN, FileLocation, TreeLayout
from milepost.publish.review.read.join_lists import WORKLOADS, EdgeNode, JoinLists, NodeSelectorText, selector
from milepost.publish.review.read.tree_source import TreeSource
from milepost.publish.review.read.yaml_documents import documents


class WaitingPods(NamedTuple):
    """Pods that run once labels are set, and the nodes that they would run on."""

    pods: int
    nodes: int


def waiting_pods(comparison: Comparison) -> WaitingPods:
    """Of workloads of the head side, on nodes whose row in a join list changed."""
    before = JoinLists(comparison.base, comparison.before)
    workloads = _Workloads(comparison.head, comparison.after)
    after = JoinLists(comparison.head, comparison.after)
    pods, nodes = 0, set()
    for place in _lists(comparison.edits):
        old = {node.name: node for node in before.nodes(place.province, place.group)}
        for node in after.nodes(place.province, place.group):
            was = old.get(node.name)
            if was is not None and was.labels != node.labels:
                found = workloads.starting(was, node, place)
                pods += found
                nodes |= {(place.province, node.name)} if found else set()
    return WaitingPods(pods, len(nodes))


def _lists(edits: Iterable[Edit]) -> list[FileLocation]:
    """The join lists in which a row changed, each once."""
    changed = (e.place for e in edits if e.place.role == JOIN and e.subject.action is EditAction.CHANGE)
    return list({place.path: place for place in changed}.values())


class _Workloads:
    """The selectors of what may run at a station, read once."""

    def __init__(self, side: TreeSource, layout: TreeLayout) -> None:
        self._side, self._layout = side, layout
        self._known: dict[str, list[tuple[NodeSelectorText, FileLocation]]] = {}

    def starting(self, was: EdgeNode, node: EdgeNode, place: FileLocation) -> int:
        """How many workloads select the node by its new labels, and not by those that it has."""
        group = f"{place.province}/groups/{place.group}"
        chosen = [*self._of(f"{group}/shared.yaml"), *self._of(f"{group}/{node.station}.yaml")]
        return sum(found.fits(node, where) and not found.fits(was, where) for found, where in chosen)

    def _of(self, path: str) -> list[tuple[NodeSelectorText, FileLocation]]:
        if path not in self._known:
            self._known[path] = list(self._read(path)) if path in self._side.entries else []
        return self._known[path]

    def _read(self, path: str) -> Iterator[tuple[NodeSelectorText, FileLocation]]:
        where = self._layout.place(path)
        text = next(iter(self._side.read([path]))).decode("utf-8", "replace")
        for document in documents(path, text):
            if document.identity.kind in WORKLOADS:
                yield selector(document.text, where), where
