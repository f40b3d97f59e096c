"""Join lists: the labels that each node must be given when it joins. For machines, not for the cluster.

Labels are set at first registration alone, and GitOps must not own Node objects; so this is where a node's place in
the fleet enters Kubernetes. No token is ever written.
"""

from __future__ import annotations

from collections.abc import Iterable

from milepost.lower.base import Index
from milepost.model.manifest import TextSheet
from milepost.model.plan import Plan, node_labels


def lower_delivery(plan: Plan, index: Index) -> Iterable[TextSheet]:
    domain = plan.fleet.catalog.label_domain
    for group in plan.fleet.province.groups:
        lines = ["node\tstation\tarchitecture\tlabels"]
        for station in group.stations:
            for node in station.nodes:
                labels = ",".join(
                    f"{key}={value}" for key, value in node_labels(node, station, domain).items()
                )
                lines.append(f"{node.name}\t{station.name}\t{node.profile.architecture}\t{labels}")
        yield TextSheet(f"bootstrap/join/{group.name}.tsv", "\n".join(lines) + "\n")
