"""Join lists: the labels that each node must be given when it joins. For machines, not for the cluster.

Labels are set at first registration alone, and GitOps must not own Node objects; so this is where a node's place in
the fleet enters Kubernetes. No token is ever written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from milepost.lower.base import Index
from milepost.model.fleet import StationGroup
from milepost.model.manifest import TextSheet
from milepost.model.plan import Plan, node_labels


def lower_delivery(plan: Plan, index: Index) -> Iterable[TextSheet]:
    for group in plan.fleet.province.groups:
        lines = ["node\tstation\tarchitecture\tlabels", *_lines(group, plan.fleet.catalog.label_domain)]
        yield TextSheet(f"bootstrap/join/{group.name}.tsv", "\n".join(lines) + "\n")


def _lines(group: StationGroup, domain: str) -> Iterator[str]:
    """Nodes alike differ in the station's name alone, and most nodes of a group are alike."""
    alike: dict[object, tuple[str, str]] = {}
    for station in group.stations:
        for node in station.nodes:
            labels = tuple([(key, str(setting.value)) for key, setting in node.labels.items()])
            key = (labels, node.roles, node.profile.name, station.type)
            if key not in alike:
                alike[key] = _around_the_station(node_labels(node, station, domain), f"{domain}/station")
            before, after = alike[key]
            yield f"{node.name}\t{station.name}\t{node.profile.architecture}\t{before}{station.name}{after}"


def _around_the_station(labels: Mapping[str, str], its_key: str) -> tuple[str, str]:
    """The text of the labels, sorted, before and after the value of ``its_key``."""
    pairs = [(key, f"{key}={value}") for key, value in labels.items()]
    before = "".join(f"{pair}," for key, pair in pairs if key < its_key)
    return f"{before}{its_key}=", "".join(f",{pair}" for key, pair in pairs if key > its_key)
