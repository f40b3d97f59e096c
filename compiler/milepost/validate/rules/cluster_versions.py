"""Versions of a province's cluster: known, meant for each other, and without holes that nobody looked at."""

from __future__ import annotations

from milepost.diagnostics import Code, Severity, Sink
from milepost.model.parsed import ParsedDocument, ParsedSpec
from milepost.model.spec import ProvinceDocument
from milepost.model.versions import kubeedge, kubernetes

MP2080 = Code(
    "MP2080",
    "unknown cluster version",
    f"Milepost has the schemas of Kubernetes {kubernetes.KNOWN[0]} to {kubernetes.KNOWN[-1]}, and knows what KubeEdge "
    f"{kubeedge.KNOWN[0]} to {kubeedge.KNOWN[-1]} have. For another version it cannot tell what the cluster would take.",
    'kind: Province\nspec:\n  cluster: {kubernetes: "1.21", kubeedge: 1.23.1}\n',
)
MP2081 = Code(
    "MP2081",
    "KubeEdge that lets others run commands on nodes",
    "Whoever may create a node job in such a cluster can run commands on every edge node. Upgrade; until then, let only "
    "people you trust create node jobs, and say in `acknowledgedVulnerabilities` that you know.",
    'kind: Province\nspec:\n  cluster: {kubernetes: "1.30", kubeedge: 1.23.0}\n',
)
MP2082 = Code(
    "MP2082",
    "acknowledged vulnerability that is none here",
    "The version does not have it, or Milepost does not know it. Such a line outlives what it was for, and would hide "
    "the hole if somebody went back to the older version.",
    'kind: Province\nspec:\n  cluster: {kubernetes: "1.30", kubeedge: 1.23.1, acknowledgedVulnerabilities: [CVE-2026-62371]}\n',
    Severity.WARNING,
)
MP2083 = Code(
    "MP2083",
    "Kubernetes and KubeEdge that are not meant for each other",
    "KubeEdge is built and tested with three minor versions of Kubernetes. With an older one it may want what the "
    "cluster lacks; with a newer one nodes may not understand what the cluster says.",
    'kind: Province\nspec:\n  cluster: {kubernetes: "1.34", kubeedge: 1.23.1}\n',
    Severity.WARNING,
)


def check(spec: ParsedSpec, sink: Sink) -> None:
    for province in spec.provinces.values():
        if _known(province, sink):
            _check_holes(province, sink)
            _check_pair(province, sink)


def _known(province: ParsedDocument[ProvinceDocument], sink: Sink) -> bool:
    cluster = province.model.spec.cluster
    edge = kubeedge.split(cluster.kubeedge)[0]
    asked = (
        ("kubernetes", "Kubernetes", cluster.kubernetes, kubernetes.KNOWN, kubernetes.nearest),
        ("kubeedge", "KubeEdge", edge, kubeedge.KNOWN, kubeedge.nearest),
    )
    strange = [each for each in asked if each[2] not in each[3]]
    for field, name, minor, known, nearest in strange:
        sink.report(
            MP2080,
            f"{name} {minor} is not known here: {known[0]} to {known[-1]} are",
            province.document.span("spec", "cluster", field),
            hint=f"the nearest known version is {nearest(minor)}",
        )
    return not strange


def _check_holes(province: ParsedDocument[ProvinceDocument], sink: Sink) -> None:
    cluster = province.model.spec.cluster
    holes = {hole.name: hole for hole in kubeedge.VULNERABILITIES if hole.affects(cluster.kubeedge)}
    acknowledged = cluster.acknowledged_vulnerabilities
    open_holes = [hole for name, hole in holes.items() if name not in acknowledged]
    if open_holes:
        names = ", ".join(hole.name for hole in open_holes)
        ways = " and ".join(hole.through for hole in open_holes)
        sink.report(
            MP2081,
            f"KubeEdge {cluster.kubeedge} lets others run commands on nodes through {ways}",
            province.document.span("spec", "cluster", "kubeedge"),
            hint=f"upgrade to {_fixed(cluster.kubeedge)}, or write `acknowledgedVulnerabilities: [{names}]`",
        )
    for index, name in enumerate(acknowledged):
        if name not in holes:
            sink.report(
                MP2082,
                f"KubeEdge {cluster.kubeedge} does not have {name}",
                province.document.span("spec", "cluster", "acknowledgedVulnerabilities", index),
                hint="remove it",
            )


def _fixed(release: str) -> str:
    """The nearest release without a known hole, of the same minor version where it has one."""
    minor = kubeedge.split(release)[0]
    newer = [fixed for fixed in kubeedge.FIXED_RELEASES if kubeedge.reaches(fixed, minor)]
    return newer[0]


def _check_pair(province: ParsedDocument[ProvinceDocument], sink: Sink) -> None:
    cluster = province.model.spec.cluster
    # A warning: KubeEdge's own table calls the neighbours usable, with features that one side
    # may lack.
    made_for = kubeedge.MADE_FOR[kubeedge.split(cluster.kubeedge)[0]]
    if cluster.kubernetes not in made_for:
        sink.report(
            MP2083,
            f"KubeEdge {cluster.kubeedge} is made for Kubernetes {', '.join(made_for)}, not for {cluster.kubernetes}",
            province.document.span("spec", "cluster", "kubernetes"),
            hint="take versions that are made for each other, or try them together before the fleet does",
        )
