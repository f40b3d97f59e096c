"""Join lists: the labels that each node must be given when it joins. For machines, not for the cluster.

Labels are set at first registration alone, and GitOps must not own Node objects; so this is where a node's place in
the fleet enters Kubernetes. No token is ever written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from milepost.lower.backend import OutputIndex
from milepost.model import layout
from milepost.model.fleet import Node, Station, StationGroup
from milepost.model.manifest import PLACEHOLDER_OPEN, StaticFile
from milepost.model.plan import Plan, node_labels


def lower_delivery(plan: Plan, index: OutputIndex) -> Iterable[StaticFile]:
    labels = _Labels(plan.fleet.catalog.label_domain)
    for group in plan.fleet.province.groups:
        lines = ["node\tstation\tarchitecture\tlabels", *_lines(group, labels)]
        yield StaticFile(layout.JOIN_LIST.path(group=group.name), "\n".join(lines) + "\n")


def _lines(group: StationGroup, labels: _Labels) -> Iterator[str]:
    """Nodes alike share their settings and differ in the station's name alone, and most nodes of a group are alike."""
    alike: dict[object, tuple[str, str]] = {}
    for station in group.stations:
        for node in station.nodes:
            # Without the names: the text is made once for all nodes that differ in nothing
            # else, and only joined for each.
            key = (tuple(node.labels.values()), node.roles, node.profile, station.type)
            around = alike.get(key)
            if around is None:
                before, between, after = labels.around_the_names(node, station)
                around = f"{node.profile.architecture}\t{before}", f"{between}{group.name}{after}"
                alike[key] = around
            yield f"{node.name}\t{station.name}\t{around[0]}{station.name}{around[1]}"


class _Labels:
    """The labels of nodes as text, made once for all nodes of the province that differ in names alone."""

    def __init__(self, domain: str) -> None:
        self._domain = domain
        self._found: dict[object, list[str]] = {}

    def around_the_names(self, node: Node, station: Station) -> list[str]:
        """The text before, between and after the names of a station and of its group: their keys sort so."""
        own = tuple([(key, setting.value) for key, setting in node.labels.items()])
        key = (own, node.roles, node.profile, station.type)
        around = self._found.get(key)
        if around is None:
            # A private-use character that no name can hold, so the text can be cut exactly
            # where the names stood.
            anywhere = replace(station, name=PLACEHOLDER_OPEN, group=PLACEHOLDER_OPEN)
            labels = node_labels(node, anywhere, self._domain)
            around = ",".join([f"{key}={value}" for key, value in labels.items()]).split(PLACEHOLDER_OPEN)
            self._found[key] = around
        return around
