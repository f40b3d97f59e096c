"""The comparison: what the spec says of each node against what the cluster reports of it.

Labels are compared where they decide something: keys that some node of the province has by the spec, keys that selectors
name, and all keys of the fleet's own domain. Any other label of a node is somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

from milepost.inventory.cluster import EDGE, ClusterNode
from milepost.inventory.relabel import LabelEdit
from milepost.model.fleet import Fleet, Node, Station
from milepost.model.origin import Origin
from milepost.model.plan import node_labels
from milepost.model.record import by_value


class DifferenceKind(Enum):
    """What can differ; the value is the word for people, in the order in which they want to read them."""

    ARCHITECTURE = "another architecture"
    SMALL = "smaller than its profile"
    MISSING = "not in the cluster"
    LABELS = "wrongly labelled"
    FOREIGN = "not in the spec"
    ADDRESS = "another address"
    CORDONED = "cordoned"
    NOT_READY = "not ready"


@by_value
class Difference:
    """One thing about one node. ``edit`` is what mends its labels; ``origin`` is where the spec says otherwise."""

    kind: DifferenceKind
    node: str
    text: str
    station: str | None = None
    origin: Origin | None = None
    edit: LabelEdit | None = None


def compare(fleet: Fleet, reported: Iterable[ClusterNode]) -> list[Difference]:
    """Every difference of one province, by kind and then by name of the node.

    A node of the cluster that the spec does not name is foreign where it is an edge node, or carries a label of the
    fleet's domain; control plane and cloud nodes are neither.
    """
    domain = fleet.catalog.label_domain
    there = {node.name: node for node in reported}
    meant = {n.name: (n, s) for group in fleet.province.groups for s in group.stations for n in s.nodes}
    decisive = _decisive_keys(fleet, meant.values())
    found = [
        d
        for name, (node, station) in meant.items()
        for d in _of_node(node, station, there.get(name), domain, decisive)
    ]
    found += [_foreign(node) for name, node in there.items() if name not in meant and _is_edge(node, domain)]
    order = list(DifferenceKind)
    return sorted(found, key=lambda d: (order.index(d.kind), d.node))


def _decisive_keys(fleet: Fleet, nodes: Iterable[tuple[Node, Station]]) -> frozenset[str]:
    selectors = [s for a in fleet.catalog.applications for c in a.components for s in c.selector]
    selectors += [s for tier in fleet.catalog.tiers for s in tier.selector]
    return frozenset(key for s in selectors for key in s.labels) | {
        key for node, _ in nodes for key in node.labels
    }


def _of_node(
    node: Node, station: Station, there: ClusterNode | None, domain: str, decisive: frozenset[str]
) -> Iterator[Difference]:
    def differs(kind: DifferenceKind, text: str, edit: LabelEdit | None = None) -> Difference:
        return Difference(kind, node.name, text, station.name, node.origin, edit)

    if there is None:
        yield differs(
            DifferenceKind.MISSING, f"has not joined; its line is in bootstrap/join/{station.group}.tsv"
        )
        return
    if there.architecture is not None and there.architecture != node.profile.architecture:
        yield differs(
            DifferenceKind.ARCHITECTURE,
            f"is {there.architecture}; profile {node.profile.name} is {node.profile.architecture}",
        )
    if short := _short(node, there):
        yield differs(
            DifferenceKind.SMALL, f"{', '.join(short)}, less than profile {node.profile.name} leaves to pods"
        )
    if edit := _label_edit(node_labels(node, station, domain), there, domain, decisive):
        yield differs(DifferenceKind.LABELS, str(edit), edit)
    address = node.row.address
    if address is not None and there.address not in (None, address):
        yield differs(DifferenceKind.ADDRESS, f"is {there.address}; the spec says {address}")
    if there.cordoned:
        yield differs(DifferenceKind.CORDONED, "takes no new pods")
    if not there.ready:
        yield differs(DifferenceKind.NOT_READY, "its kubelet does not report Ready")


def _short(node: Node, there: ClusterNode) -> list[str]:
    """Amounts below what the profile leaves after what is reserved, which is what placement counts with."""
    profile = node.profile
    wanted = (
        ("cpu", there.cpu, profile.cpu - profile.reserved_cpu, "m"),
        ("memory", there.memory, profile.memory - profile.reserved_memory, " bytes"),
        ("disk", there.disk, profile.disk - profile.reserved_disk, " bytes"),
    )
    return [
        f"{what} {has:,}{unit} of {needs:,}{unit}"
        for what, has, needs, unit in wanted
        if has is not None and has < needs
    ]


def _label_edit(
    wanted: Mapping[str, str], there: ClusterNode, domain: str, decisive: frozenset[str]
) -> LabelEdit | None:
    own = f"{domain}/"
    sets = {key: value for key, value in wanted.items() if there.labels.get(key) != value}
    extra = (key for key in there.labels if key not in wanted and (key in decisive or key.startswith(own)))
    edit = LabelEdit(sets, tuple(sorted(extra)), frozenset(sets.keys() & there.labels.keys()))
    return edit if edit else None


def _foreign(node: ClusterNode) -> Difference:
    return Difference(DifferenceKind.FOREIGN, node.name, "runs what its labels select, and no table names it")


def _is_edge(node: ClusterNode, domain: str) -> bool:
    return EDGE in node.labels or any(key.startswith(f"{domain}/") for key in node.labels)
