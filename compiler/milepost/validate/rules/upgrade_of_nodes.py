"""Node upgrades: only between versions whose jobs let nobody run commands on nodes, and only forward."""

from __future__ import annotations

from milepost.diagnostics import Code, Sink
from milepost.model.parsed import ParsedSpec
from milepost.model.versions import kubeedge

MP2093 = Code(
    "MP2093",
    "node upgrade that must not be made",
    "NodeUpgradeJob and ConfigUpdateJob of older versions let whoever may create them run commands on every node, so none is "
    "rendered for a cluster with such a hole, nor an upgrade to one. Nodes may be older than CloudCore, never newer.",
    "kind: Province\nspec:\n  cluster: {kubeedge: 1.23.1}\n  nodeUpgrade: {to: 1.23.0}\n",
)


def check(spec: ParsedSpec, sink: Sink) -> None:
    for province in spec.provinces.values():
        upgrade, now = province.model.spec.node_upgrade, province.model.spec.cluster.kubeedge
        if upgrade is None:
            continue
        at = province.document.span("spec", "nodeUpgrade", "to")
        for release, whose in ((now, "the cluster's"), (upgrade.to, "the new")):
            if holes := [hole.name for hole in kubeedge.VULNERABILITIES if hole.affects(release)]:
                message = f"{whose} KubeEdge {release} has {', '.join(holes)}: jobs that upgrade nodes let others run commands"
                sink.report(MP2093, message, at, hint="upgrade such nodes with keadm upgrade, each by hand")
        if _order(upgrade.to) > _order(now):
            message = f"nodes would get KubeEdge {upgrade.to}, newer than CloudCore's {now}"
            sink.report(MP2093, message, at, hint="upgrade CloudCore first, and with it cluster.kubeedge")


def _order(release: str) -> tuple[int, int]:
    minor, patch = kubeedge.split(release)
    return kubeedge.number(minor), patch
