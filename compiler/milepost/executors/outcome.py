"""The outcome of one province. Apart from the executors, so that a run in which nothing changed loads no compiler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from milepost.diagnostics import Diagnostic
from milepost.emit import WriteCounts
from milepost.model.matches import Matches
from milepost.model.record import by_value


@by_value
class Outcome:
    """The outcome of one province."""

    province: str
    diagnostics: tuple[Diagnostic, ...]
    failed: bool
    stations: int = 0
    nodes: int = 0
    objects: int = 0
    files: int = 0
    written: WriteCounts = field(default_factory=WriteCounts)
    differences: tuple[tuple[str, str], ...] = ()
    """Path and ``missing``, ``changed`` or ``stale``; only where they were asked for."""
    dropped: tuple[str, ...] = ()
    """Units that stand in the output and are no longer rendered."""
    stages: Mapping[str, float] = field(default_factory=dict)
    """Seconds of each stage; empty where there was nothing to do."""
    matches: Matches = field(default_factory=Matches)
    """What the selectors that all provinces share fit here."""
    tables: Mapping[str, str] = field(default_factory=dict)
    """Inventory files that were compiled, and the digests of their bytes."""
    stands: str | None = None
    """The signature of the tree as it was put in place; None where nothing certain is known of it."""
    problem: str | None = None
    """Why the province could not be written: a foreign file in the way, a full disk."""

    @property
    def seconds(self) -> float:
        return sum(self.stages.values())

    @property
    def numbers(self) -> dict[str, int]:
        """The figures of a province for the record of the run."""
        return {"stations": self.stations, "nodes": self.nodes, "objects": self.objects, "files": self.files}

    @classmethod
    def kept(
        cls, province: str, numbers: dict[str, int], diagnostics: tuple[Diagnostic, ...], matches: Matches
    ) -> Outcome:
        """An outcome that needed no work; ``numbers`` and ``matches`` are those of an earlier one."""
        return cls(
            province,
            diagnostics,
            False,
            stations=numbers["stations"],
            nodes=numbers["nodes"],
            objects=numbers["objects"],
            files=numbers["files"],
            written=WriteCounts(0, numbers["files"], 0),
            matches=matches,
        )
