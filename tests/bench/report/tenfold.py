"""Ten times the reference fleet, on paper and by trying."""

from __future__ import annotations

from bench.fit import straight
from bench.report.growth import line
from bench.report.tables import bytes_, seconds, table
from bench.results import Results


def section(results: Results) -> str:
    if results.tenfold is None:
        return ""
    found = results.reference
    provinces, nodes = line(results.by_provinces, "provinces"), line(results.by_nodes, "nodes")
    memory = straight([(size.nodes, size.peak) for size in results.by_nodes])
    more, larger = (
        provinces.at(10 * found.provinces),
        found.provinces * nodes.start + nodes.slope * 10 * found.nodes,
    )
    rows = [
        ["processor time, cold", seconds(more), seconds(larger)],
        [
            f"the same on {found.processes} cores",
            seconds(more / found.processes),
            seconds(larger / found.processes),
        ],
        [
            "memory of the process with the largest province",
            bytes_(memory.at(found.largest_province)),
            bytes_(memory.at(10 * found.largest_province)),
        ],
        ["files", f"{10 * found.files:,}", f"{10 * found.files:,}"],
        ["bytes", bytes_(10 * found.bytes), bytes_(10 * found.bytes)],
    ]
    return f"""
## 10 × R on paper: what it costs and where it breaks first

A million nodes are ten times the provinces, or provinces ten times as large. By the lines above:

{table(["", f"{10 * found.provinces} provinces", f"{found.provinces} provinces, ten times as large"], rows)}
{_breaks(results)}
"""


def _breaks(results: Results) -> str:
    tried = results.tenfold
    assert tried is not None
    if not tried.refusals:
        return f"A province of {tried.nodes:,} nodes was tried: Milepost compiles it."
    told = "\n".join(f"- {refusal}" for refusal in tried.refusals)
    return f"""**What breaks first is not the compiler.** A province of {tried.nodes:,} nodes was tried, and Milepost refuses it:

{told}

These are the limits of what an agent can build and apply as one: folders that hold something for every station group of a
province grow with the province, while a group's own folder does not. More provinces have no such limit. Behind it come, in
this order: the clone and the first `git add` of {10 * results.reference.files:,} files (minutes; publish a branch or an OCI artifact for each
province), then the memory of one process with a whole province in it."""
