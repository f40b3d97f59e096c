"""Pull figures: what a wave moves over the lines of one province before it switches."""

from __future__ import annotations

from milepost.model.record import by_value
from milepost.model.rollout import PullStage, WavePull

STAGES = {
    "province": "the province's mirror fills",
    "station-group": "section mirrors fill",
    "station": "station mirrors fill",
    "": "all nodes pull",
}
"""The level whose mirrors a stage fills, and what happens in it."""


@by_value
class StageFigures:
    """Figures of a pull stage, whose pulls run at once; ``slowest`` is the line that the stage waits for."""

    level: str
    nodes: int
    seconds: float
    timeout: int
    slowest: str
    rate: float

    @property
    def name(self) -> str:
        return STAGES[self.level]


@by_value
class PullFigures:
    """Pull figures of a wave in one province, in seconds and bytes; ``disk`` is the part of the room for images that is used."""

    release: str
    number: int
    images: tuple[str, ...]
    groups: int
    stations: int
    nodes: int
    most: int
    total: int
    """Bytes over the lines of all stations and nodes."""
    seconds: float
    window: int
    disk: float
    stages: tuple[StageFigures, ...]

    @property
    def share(self) -> float:
        """Part of the window that it takes."""
        return self.seconds / self.window if self.window else 0.0


def pull(found: WavePull) -> PullFigures:
    return PullFigures(
        release=found.release.name,
        number=found.number,
        images=found.images,
        groups=len(found.groups),
        stations=found.stations,
        nodes=found.nodes,
        most=found.most,
        total=sum(load.total for stage in found.stages for load in stage.loads if load.sort == "site"),
        seconds=found.seconds,
        window=found.window,
        disk=found.fullest,
        stages=tuple(map(_stage, found.stages)),
    )


def _stage(stage: PullStage) -> StageFigures:
    slowest = stage.loads[0] if stage.loads else None
    return StageFigures(
        level=stage.level,
        nodes=stage.nodes,
        seconds=stage.seconds,
        timeout=stage.timeout,
        slowest=slowest.line if slowest else "",
        rate=slowest.rate if slowest else 0.0,
    )
