"""What a run of the benchmark found, and its JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from bench.measure import Cost


@dataclass(slots=True)
class Reference:
    """The reference fleet, or a small one in its place."""

    provinces: int
    groups: int
    stations: int
    nodes: int
    instances: int
    objects: int
    files: int
    bytes: int
    largest_province: int
    """Nodes."""
    processes: int
    floor_one: Cost
    """The floor in one process."""
    floor: Cost
    """The floor in as many processes as the compile."""
    cold: Cost
    cold_one: Cost
    instructions: int | None
    """Of a cold compile in one process, where valgrind is installed."""
    disk: Cost
    unchanged: Cost
    one_station: Cost
    image_bump: Cost
    """``milepost diff`` of two commits between which an application of all station groups changed its version."""
    validate: Cost
    help: Cost
    peak: int
    unit: str
    """The unit with most objects."""
    unit_objects: int
    unit_build: Cost | None
    """``kubectl kustomize`` of it, where there is a kubectl."""

    @property
    def ratio(self) -> float:
        """The headline: processor seconds of a cold compile against those of the floor in as many processes."""
        return self.cold.cpu / self.floor.cpu


@dataclass(frozen=True, slots=True)
class Size:
    """A cold compile, in one process, of a fleet of some size."""

    provinces: int
    nodes: int
    stations: int
    cpu: float
    peak: int


@dataclass(frozen=True, slots=True)
class Rival:
    """A peer; ``seconds`` of processor time for one more object, or the reason why it was left out."""

    name: str
    note: str = ""
    version: str = ""
    seconds: float = 0.0
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Tenfold:
    """A province ten times the average: its nodes, and why it is refused (nothing where it is not)."""

    nodes: int
    refusals: list[str]


@dataclass(slots=True)
class Results:
    """Everything."""

    machine: dict[str, str]
    load: tuple[float, float]
    """Processes that wanted a processor, before and after."""
    memory_file_system: bool
    reference: Reference
    by_provinces: list[Size] = field(default_factory=list)
    by_nodes: list[Size] = field(default_factory=list)
    tenfold: Tenfold | None = None
    rivals: list[Rival] = field(default_factory=list)
    rival_objects: tuple[int, int] = (0, 0)
    """Objects of the smaller and of the larger sample."""
    rival_floor: float = 0.0
    """Processor seconds of the floor for one object of the larger sample."""

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"
