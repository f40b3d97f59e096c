"""Join lists: what each node must be given when it joins, its labels first of all. For machines, not for the cluster.

Labels are set at first registration alone, and GitOps must not own Node objects; so this is where a node's place in
the fleet enters Kubernetes. No token is ever written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from milepost.lower.backend import OutputIndex
from milepost.lower.registry_config import script
from milepost.model import layout
from milepost.model.edge_nodes import edge_class, heartbeat
from milepost.model.edge_settings import ReconnectSettings
from milepost.model.fleet import Node, Station, StationGroup
from milepost.model.manifest import PLACEHOLDER_OPEN, StaticFile
from milepost.model.plan import Plan, node_labels


def lower_delivery(plan: Plan, index: OutputIndex) -> Iterable[StaticFile]:
    labels = _Labels(plan.fleet.catalog.label_domain)
    cloudcore = plan.fleet.province.cloudcore
    for group in plan.fleet.province.groups:
        if cloudcore is None:
            lines = ["node\tstation\tarchitecture\tlabels", *_lines(group, labels)]
        else:
            own = _Joining(group.name, cloudcore.reconnect)
            lines = [
                "node\tstation\tarchitecture\tclass\taddress\theartbeat\tlabels",
                *_lines(group, labels, own),
            ]
        yield StaticFile(layout.JOIN_LIST.path(group=group.name), "\n".join(lines) + "\n")
    if cloudcore is not None:
        version = plan.fleet.province.cluster.kubeedge
        yield StaticFile(layout.JOIN_VERSION, f"version=v{version}\n")
        yield StaticFile(layout.JOIN_SCRIPT, script("join.sh"))
        yield StaticFile(layout.JOIN_KERNEL, script("sysctl.conf"))


class _Joining:
    """The columns of a node that is joined by ``join.sh``: its class, its address, and its heartbeat."""

    def __init__(self, group: str, reconnect: ReconnectSettings) -> None:
        self._group, self._reconnect = group, reconnect

    def __call__(self, node: Node) -> str:
        every = heartbeat(node.name, self._group, self._reconnect.least, self._reconnect.most)
        return f"{edge_class(node).name}\t{node.row.address or ''}\t{every}\t"


def _lines(
    group: StationGroup, labels: _Labels, joining: Callable[[Node], str] = lambda _: ""
) -> Iterator[str]:
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
                around = before, f"{between}{group.name}{after}"
                alike[key] = around
            own = f"{node.profile.architecture}\t{joining(node)}"
            yield f"{node.name}\t{station.name}\t{own}{around[0]}{station.name}{around[1]}"


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
