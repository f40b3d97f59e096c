"""Peers beside the compiler and the floor."""

from __future__ import annotations

from bench.report.tables import seconds, table
from bench.results import Results

OURS = "Milepost"


def rows(results: Results) -> list[tuple[str, float]]:
    """Name to processor time for one object, the floor being 1; the quickest first. Empty without peers."""
    found = [
        (rival.name, rival.seconds / results.rival_floor) for rival in results.rivals if not rival.missing
    ]
    return sorted([*found, (OURS, results.reference.ratio)], key=lambda row: row[1]) if found else []


def section(results: Results) -> str:
    if not results.rivals:
        return ""
    small, large = results.rival_objects
    reference = results.reference
    each = reference.cold.cpu / reference.objects
    lines = [
        [
            f"**{OURS}**",
            f"{reference.ratio:.1f}",
            seconds(each),
            seconds(reference.cold.cpu),
            "all of it: spec in, checked tree out",
        ]
    ]
    for rival in sorted((r for r in results.rivals if not r.missing), key=lambda r: r.seconds):
        whole = rival.seconds * reference.objects
        ratio = f"{rival.seconds / results.rival_floor:.0f}"
        lines.append(
            [f"{rival.name} {rival.version}", ratio, seconds(rival.seconds), seconds(whole), rival.note]
        )
    missing = "".join(f"- {r.name} was left out: {r.missing}\n" for r in results.rivals if r.missing)
    return f"""
## Beside other ways to the same objects

Each peer wrote the same objects (compared one by one after parsing) of whole station groups of one province. It was
handed what Milepost had worked out (placement, image references, the text of every config file) and only had to write it
down. Counted is the processor time of one more object, from {small:,} to {large:,}, so start-up is left out. The floor needs
{seconds(results.rival_floor)} for one object of the larger sample; Milepost's own row is the reference fleet from its cold
compile, start-up and all checks included.

![Processor time for one object](benchmarks/peers.svg)

{table(["", "times the floor", "one object", "the reference fleet would take", "what it did"], lines)}
None of them reads an inventory, places anything, or validates a fleet. Processor time is added up over threads.
{missing}"""
