"""The fleet generator: a believable fleet spec of any size; the same seed gives the same bytes on every machine.

It writes what a person or an asset database would have written, and knows nothing of the compiler that reads it.
"""

from __future__ import annotations

from pathlib import Path

from milepost.generate.file_writer import write
from milepost.generate.fleet_draft import GeneratedSummary, Partition, draft

__all__ = ["GeneratedSummary", "Partition", "generate"]


def generate(
    target: Path,
    *,
    provinces: int = 3,
    nodes: int = 1000,
    seed: int = 1,
    partition: Partition = "station-group",
) -> GeneratedSummary:
    """Writes a fleet of exactly so many provinces (1 to 29) and nodes (six or more a province) as a fleet spec.

    With ``partition="station"`` KubeEdge's node groups are stations, and one component is an EdgeApplication.

    Raises ValueError for numbers that cannot be, FileExistsError where ``target`` is a folder with something in it.
    """
    made, summary = draft(provinces, nodes, seed, partition)
    write(target, made.files)
    return summary
