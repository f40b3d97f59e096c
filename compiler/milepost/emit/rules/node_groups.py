"""KubeEdge NodeGroups: they select by labels, and no node fits two of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model import kinds
from milepost.model.manifest import fill, fill_object

MP6040 = Code(
    "MP6040",
    "node group selects wrong or overlapping nodes",
    "A NodeGroup with a list of nodes or without labels can catch any node that joins later; an empty selector claims the "
    "cloud's own nodes too. A node that fits two groups stays in whichever came first. `topologyEnabled` and the labels "
    "that KubeEdge writes are left to KubeEdge.",
    "kind: NodeGroup\n# lower makes KubeEdge's groups; a patch cannot reach them\n",
)
_WRITTEN_BY_KUBEEDGE = ("apps.kubeedge.io/belonging-to", "topology.kubernetes.io/zone")
Selector = frozenset[tuple[str, str]]


def check(rendered: Rendered, findings: Findings) -> None:
    groups = list(rendered.of(kinds.NODE_GROUP.name))
    for group in groups:
        spec = group.body["spec"]
        if spec.get("nodes"):
            findings.add(
                MP6040, group, ("spec", "nodes"), "lists nodes; one that joins later would be in no group"
            )
        # KubeEdge's helper takes an empty selector for "every node", so a group by `nodes`
        # alone catches whoever joins next.
        if not spec.get("matchLabels"):
            findings.add(MP6040, group, ("spec", "matchLabels"), "is empty, so every node fits")
        for label in (spec.get("matchLabels") or {}).keys() & set(_WRITTEN_BY_KUBEEDGE):
            findings.add(MP6040, group, ("spec", "matchLabels", label), "is written by KubeEdge itself")
    if groups:
        _report_overlaps(dict(_selectors(rendered)), groups[0], findings)


def _selectors(rendered: Rendered) -> Iterator[tuple[str, Selector]]:
    """Name and selector of every node group at every instance."""
    for manifest, template in rendered.stamped(kinds.NODE_GROUP.name):
        labels = manifest.body["spec"].get("matchLabels") or {}
        for instance in template.instances:
            filled: Mapping[str, str] = fill_object(labels, instance.values)
            yield fill(manifest.name, instance.values), frozenset(filled.items())


def _report_overlaps(selectors: Mapping[str, Selector], group: RenderedObject, findings: Findings) -> None:
    for one, other in _overlaps(selectors):
        obj = RenderedObject(
            {"kind": kinds.NODE_GROUP.name, "metadata": {"name": one}}, group.file, group.manifest
        )
        findings.add(MP6040, obj, ("spec", "matchLabels"), f'can fit the same node as the group "{other}"')


def _overlaps(selectors: Mapping[str, Selector]) -> Iterator[tuple[str, str]]:
    """Pairs of groups that one node could fit: no label tells them apart. Groups by a common label are compared fast."""
    keys = [{key for key, _ in selector} for selector in selectors.values()]
    # All our groups share one key, with a value each: one bucket a group, instead of every pair
    # of thousands of stations.
    common = min(set.intersection(*keys), default=None)
    buckets: dict[str | None, list[str]] = {}
    for name, selector in selectors.items():
        buckets.setdefault(dict(selector).get(common or ""), []).append(name)
    for names in buckets.values():
        yield from _pairs(names, selectors)


def _pairs(names: Iterable[str], selectors: Mapping[str, Selector]) -> Iterator[tuple[str, str]]:
    for one, other in combinations(names, 2):
        theirs = dict(selectors[other])
        if all(theirs.get(key, value) == value for key, value in selectors[one]):
            yield one, other
