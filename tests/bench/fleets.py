"""The fleets that are measured, and a small edit of one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from milepost.generate import GeneratedSummary, generate

REFERENCE = (29, 100_000)
"""Provinces and nodes of the fleet that the targets are set for."""
NODES_A_PROVINCE = 3_448
"""What a province of the reference fleet has on the average."""
SEED = 1


@dataclass(frozen=True)
class Fleet:
    """A generated fleet spec on disk."""

    root: Path
    summary: GeneratedSummary

    @property
    def nodes(self) -> int:
        return self.summary.nodes


def make(folder: Path, provinces: int, nodes: int) -> Fleet:
    """Generates into ``folder``, which must be empty or not there."""
    return Fleet(folder, generate(folder, provinces=provinces, nodes=nodes, seed=SEED))


def bump_an_image(fleet: Fleet) -> None:
    """Moves the application that runs in every station group from its first version to its second, without waves."""
    document = fleet.root / "applications" / "collector.yaml"
    text = document.read_text(encoding="utf-8")
    bumped = text.replace("\n  version: 0.31.0\n", "\n  version: 0.32.0\n")
    if bumped == text:
        raise RuntimeError(f"{document} runs another version than 0.31.0")
    document.write_text(bumped, encoding="utf-8")


def retitle_a_station(fleet: Fleet, title: str) -> str:
    """Gives the first toll station of the first province another title, which a config file shows. Gives its name."""
    table = min(fleet.root.glob("provinces/*/stations.csv"))
    header, *rows = (line.split(",") for line in table.read_text(encoding="utf-8").splitlines(keepends=True))
    column = header.index("title")
    row = next(row for row in rows if row[column])
    row[column] = title
    table.write_text("".join(",".join(cells) for cells in (header, *rows)), encoding="utf-8")
    return row[0]
