"""End of life: versions of Kubernetes that get no fixes any more on a day that somebody gives.

The day is never today's by itself: a spec that passed yesterday passes today.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from milepost.diagnostics import Code, Severity, Sink
from milepost.model.parsed import ParsedDocument
from milepost.model.spec import ProvinceDocument
from milepost.model.versions import kubeedge
from milepost.model.versions.kubernetes import END_OF_LIFE

MP2084 = Code(
    "MP2084",
    "Kubernetes past its end of life",
    "Nobody mends holes of this minor version any more. The newest version that the province's KubeEdge is made for is "
    "named where it is newer.",
    'kind: Province\nspec:\n  cluster: {kubernetes: "1.30", kubeedge: 1.23.1}\n# milepost validate --on 2026-11-30\n',
    Severity.WARNING,
)


def report(provinces: Iterable[ParsedDocument[ProvinceDocument]], on: date, sink: Sink) -> None:
    """A warning at the version of each province whose Kubernetes had its last fix before ``on``."""
    for province in provinces:
        cluster = province.model.spec.cluster
        ended = END_OF_LIFE[cluster.kubernetes]
        if ended < on:
            newest = kubeedge.MADE_FOR[kubeedge.split(cluster.kubeedge)[0]][-1]
            sink.report(
                MP2084,
                f"Kubernetes {cluster.kubernetes} has got no fixes since {ended}",
                province.document.span("spec", "cluster", "kubernetes"),
                hint=_hint(newest, cluster.kubeedge) if END_OF_LIFE[newest] > ended else None,
            )


def _hint(newest: str, release: str) -> str:
    return f"KubeEdge {release} is made for {newest} too, which got them until {END_OF_LIFE[newest]}"
