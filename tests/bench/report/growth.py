"""Growth: straight lines, and how straight."""

from __future__ import annotations

from collections.abc import Sequence

from bench.fit import Line, straight
from bench.report import chart
from bench.report.tables import bytes_, seconds, table
from bench.results import Results, Size


def section(results: Results) -> str:
    if not results.by_provinces:
        return ""
    provinces, nodes = line(results.by_provinces, "provinces"), line(results.by_nodes, "nodes")
    return f"""
## Growth

One process, cold. Provinces of one average size ({results.by_provinces[0].nodes:,} nodes):

![Processor time by provinces](benchmarks/provinces.svg)

{_table(results.by_provinces)}
The line is {provinces.start:.2f} s + {provinces.slope:.3f} s for each province; no point is further from it than {provinces.off:.1%} of the
largest. Memory stays with the largest province, since a province is let go when it is written.

Nodes of one province:

![Processor time by nodes](benchmarks/nodes.svg)

{_table(results.by_nodes)}
The line is {nodes.start:.2f} s + {nodes.slope * 1000:.3f} s for each 1,000 nodes; no point is further from it than {nodes.off:.1%} of the largest.
"""


def line(sizes: Sequence[Size], along: str) -> Line:
    """Processor seconds along ``provinces`` or ``nodes``."""
    return straight([(getattr(size, along), size.cpu) for size in sizes])


def picture(sizes: Sequence[Size], along: str) -> str:
    points = [(float(getattr(size, along)), size.cpu) for size in sizes]
    return chart.growth(f"Processor seconds by {along}", along, "seconds", points, line(sizes, along).at)


def _table(sizes: Sequence[Size]) -> str:
    return table(
        ["provinces", "nodes", "stations", "processor", "one station", "peak memory"],
        [
            [
                str(size.provinces),
                f"{size.nodes:,}",
                f"{size.stations:,}",
                seconds(size.cpu),
                seconds(size.cpu / size.stations),
                bytes_(size.peak),
            ]
            for size in sizes
        ],
    )
