"""Node upgrades: jobs of KubeEdge for each wave, as files that a person applies; never a gate, since their status lies.

A ConfigUpdateJob may stay in progress for ever, and with several CloudCores a job can look failed while nodes still work. What a
node runs is asked of the node: ``kubectl get nodes`` has its version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from milepost.lower.backend import OutputIndex
from milepost.lower.edge.config_text import config_text
from milepost.lower.edge.edgecore import edgecore
from milepost.lower.edge.upgrade_jobs import config_job, parts, pull_job, update_fields, upgrade_job
from milepost.model import layout
from milepost.model.edge_nodes import edge_class
from milepost.model.edge_settings import NodeUpgradeSettings
from milepost.model.fleet import Node
from milepost.model.manifest import StaticFile
from milepost.model.plan import Plan


def lower_delivery(plan: Plan, index: OutputIndex) -> Iterable[StaticFile]:
    upgrade = plan.fleet.province.node_upgrade
    for wave, groups in upgrade.waves if upgrade is not None else ():
        assert upgrade is not None
        nodes = [n for g in groups for s in plan.fleet.groups[g].stations for n in s.nodes]
        for name, jobs in _jobs(plan, upgrade, nodes):
            about = f"Wave {wave}, by hand: kubectl create -f. {_ABOUT[name]}"
            text = "---\n".join(config_text(job) for job in jobs)
            yield StaticFile(layout.NODE_UPGRADE.path(wave=wave, part=name), f"# {about}\n{text}")


_ABOUT = {
    "1-pull": "Go on when nodes have the image: status.nodeStatus[].imageStatus says so.",
    "2-upgrade": "Go on when kubectl get nodes shows the new version.",
    "3-config": "Nodes that joined with an older configuration; each restarts EdgeCore. join.sh check says what a node has.",
}


def _jobs(
    plan: Plan, upgrade: NodeUpgradeSettings, nodes: list[Node]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    image = plan.fleet.catalog.images[upgrade.installation.image].locked[upgrade.installation.version][0]
    share = plan.fleet.province.prepull.share
    yield "1-pull", [pull_job(upgrade, image, some, share) for some in parts(nodes)]
    yield "2-upgrade", [upgrade_job(upgrade, image, some, share) for some in parts(nodes)]
    by_class: dict[str, list[Node]] = {}
    for node in nodes if plan.routes.by_access else ():
        by_class.setdefault(edge_class(node).name, []).append(node)
    if by_class:
        yield (
            "3-config",
            [
                config_job(upgrade, _fields(plan, name), some)
                for name, members in sorted(by_class.items())
                for some in parts(members)
            ],
        )


def _fields(plan: Plan, name: str) -> Mapping[str, str]:
    config = plan.edge.by_class[name]
    access = config.of.access.name
    driver = plan.fleet.province.edge.cgroup_driver
    body = edgecore(config, plan.routes.by_access[access], plan.traffic.intervals(access), driver, None)
    return dict(update_fields(body))
