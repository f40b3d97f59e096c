"""Join lists read back: which nodes the pods of a rendered workload may run on.

Reads what compile writes: the labels of ``nodeSelector``, and of the required node affinity the terms, of which one must fit,
with what they say by ``In`` and ``Exists``; of a pull job its labels or the names of its nodes; of an EdgeApplication its
node groups. Of a manifest that says it otherwise, more nodes are named than it can reach, never fewer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from milepost.model.kinds import Runs, names
from milepost.publish.review.read.file_location import JOIN, FileLocation, TreeLayout
from milepost.publish.review.read.place_abstraction import fill
from milepost.publish.review.read.tree_source import TreeSource, standing

WORKLOADS = names(lambda kind: kind.runs is Runs.UNTIL_REMOVED)
"""Kinds whose pods serve; a Job ends by itself."""
PODS = WORKLOADS | names(lambda kind: kind.runs is Runs.TO_COMPLETION)
"""Kinds that name the nodes on which they do something."""

_SELECTOR = re.compile(r"^( *)nodeSelector:\n((?:\1  .*\n)+)", re.M)
_LABEL = re.compile(r"^ *([^\s:][^\n]*?): *(\S*)$", re.M)
_AFFINITY = re.compile(r"^( *)nodeAffinity:\n((?:\1 .*\n)+)", re.M)
_IN = re.compile(r"- key: (\S+)\n *operator: In\n *values:\n((?: *- \S+\n)+)")
_EXISTS = re.compile(r"- key: (\S+)\n *operator: Exists\n")
_JOB_LABELS = re.compile(r"^( *)(?:labelSelector|selector):\n((?:\1  .*\n)+)", re.M)
_MATCHED = re.compile(r"^( *)matchLabels:\n((?:\1  .*\n)+)", re.M)
_NAMED = re.compile(r"^( *)(?:nodeNames|names):\n((?:\1- \S+\n)+)", re.M)
_TARGETS = re.compile(r"^ *targetNodeGroups:\n((?: *- name: \S+\n)+)", re.M)
_HOSTNAME = "kubernetes.io/hostname"
_COLUMNS = ("node", "station", "architecture", "labels")


class NodeTermText(NamedTuple):
    """Labels that must be one of several, and labels that must be there; texts may hold marks of a place."""

    within: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exists: tuple[str, ...] = ()

    def fits(self, labels: str, place: FileLocation) -> bool:
        return all(f",{key}=" in labels for key in self.exists) and all(
            any(f",{key}={fill(value, place)}," in labels for value in values) for key, values in self.within
        )


class NodeSelectorText(NamedTuple):
    """Labels that must be equal, and terms of which one must fit; texts may hold marks of a place."""

    equal: tuple[tuple[str, str], ...] = ()
    terms: tuple[NodeTermText, ...] = (NodeTermText(),)
    targets: tuple[str, ...] = ()
    """KubeEdge's node groups, of which it must be one; any where there is none."""

    @property
    def by_name(self) -> bool:
        """Whether it asks for a node's own name, and not only for what nodes may have in common."""
        keys = [key for key, _ in self.equal] + [key for term in self.terms for key, _ in term.within]
        return _HOSTNAME in keys

    def fits(self, node: EdgeNode, place: FileLocation) -> bool:
        """Whether the node carries what is asked for; ``place`` gives the marks their names."""
        own = f"kubernetes.io/hostname={node.name},kubernetes.io/arch={node.architecture}"
        # Commas at both ends, so that a search for `,key=value,` finds whole labels alone.
        labels = f",{node.labels},{own},"
        if self.targets and not {node.station, place.group} & {fill(one, place) for one in self.targets}:
            return False
        return all(f",{key}={fill(value, place)}," in labels for key, value in self.equal) and any(
            term.fits(labels, place) for term in self.terms
        )


class EdgeNode(NamedTuple):
    """A node of a join list, one row of it. ``labels`` is ``key=value,key=value``: searching a text is faster than making a dict."""

    name: str
    station: str
    architecture: str
    labels: str


@dataclass(slots=True)
class JoinLists:
    """The nodes of one side, read when somebody asks; a tree without join lists has none."""

    side: TreeSource
    layout: TreeLayout
    _read: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """Province to its lists, read at once: a repository is asked once, not once for each group."""

    def nodes(self, province: str, group: str) -> list[EdgeNode]:
        groups = self.layout.groups(province)
        if province not in self._read:
            paths = (place.path for files in groups.values() for place in files.get(JOIN, ()))
            self._read[province] = standing(self.side, paths)
        lists = (self._read[province][place.path] for place in groups.get(group, {}).get(JOIN, ()))
        return [node for text in lists for node in _rows(text.decode("utf-8", "replace"))]


def selector(text: str) -> NodeSelectorText:
    """Of what one object makes run. ``text`` is without the names of its place."""
    block = _SELECTOR.search(text)
    equal = _pairs(block[2]) if block else ()
    affinity = _AFFINITY.search(text)
    _, *texts = affinity[2].split("- matchExpressions:\n") if affinity else [""]
    terms = tuple(map(_term, texts)) or (NodeTermText(),)
    targets = _TARGETS.search(text)
    groups = tuple(line.partition("name: ")[2] for line in targets[1].splitlines()) if targets else ()
    return NodeSelectorText(equal, terms, groups)


def job_selector(text: str) -> NodeSelectorText:
    """Of a pull job, which says it in words of its own."""
    if block := _NAMED.search(text):
        names = tuple(_plain(line.strip(" -")) for line in block[2].splitlines())
        return NodeSelectorText((), (NodeTermText(((_HOSTNAME, names),)),))
    found = _JOB_LABELS.search(text)
    matched = _MATCHED.search(found[2]) if found else None
    term = _term(found[2]) if found else NodeTermText()
    return NodeSelectorText(_pairs(matched[2]) if matched else (), (term,))


def _pairs(block: str) -> tuple[tuple[str, str], ...]:
    pairs = ((_plain(key), _plain(value)) for key, value in _LABEL.findall(block))
    # The kubelet gives every edge node these labels; no join list has them, and nothing would
    # fit.
    return tuple(pair for pair in pairs if not _given(pair[0]))


def _term(text: str) -> NodeTermText:
    within = (
        (_plain(key), tuple(_plain(v.strip(" -")) for v in values.splitlines()))
        for key, values in _IN.findall(text)
    )
    exists = map(_plain, _EXISTS.findall(text))
    return NodeTermText(
        tuple(w for w in within if not _given(w[0])), tuple(key for key in exists if not _given(key))
    )


def _given(label: str) -> bool:
    """Labels that every edge node has are in no join list."""
    return label.startswith(("node-role.kubernetes.io/", "kubernetes.io/os"))


def _plain(text: str) -> str:
    return text.strip("\"'")


def _rows(text: str) -> list[EdgeNode]:
    """A cell that is missing is empty, and a row without a name is none."""
    head, *rows = text.split("\n")
    columns = head.split("\t")
    cells = itemgetter(*(columns.index(name) if name in columns else -1 for name in _COLUMNS))
    blank = "\t" * len(columns)
    nodes = [EdgeNode._make(cells((row + blank).split("\t"))) for row in rows]
    return [node for node in nodes if node.name]
