"""What the design asks for, beside what was found."""

from __future__ import annotations

from dataclasses import dataclass

from bench.report.tables import bytes_, seconds, table
from bench.results import Reference, Results


@dataclass(frozen=True, slots=True)
class Target:
    """A number that may not be above ``hold`` and should be below ``reach``."""

    name: str
    found: float
    hold: float
    reach: float
    unit: str

    @property
    def verdict(self) -> str:
        if self.found <= self.reach:
            return "reached"
        return "held" if self.found <= self.hold else "**missed**"

    def cells(self) -> list[str]:
        numbers = (self.found, self.hold, self.reach)
        return [self.name, *(_shown(number, self.unit) for number in numbers), self.verdict]


def section(results: Results) -> str:
    rows = [target.cells() for target in _targets(results.reference)]
    return f"""
## Targets

On two cores, for the reference fleet (29 provinces, 100,000 nodes; `milepost generate`):

{table(["", "found", "hold", "reach for", ""], rows)}
The unit is {results.reference.unit}, the one with most objects ({results.reference.unit_objects}).
"""


def _targets(found: Reference) -> list[Target]:
    targets = [
        Target("cold compile / floor, processor time", found.ratio, 12, 5, ""),
        Target("cold compile / floor, on the clock", found.cold.wall / found.floor.wall, 12, 5, ""),
        Target("nothing changed", found.unchanged.wall, 1.5, 0.5, "s"),
        Target("one station changed", found.one_station.wall, 2, 0.7, "s"),
        Target("`milepost diff` of a fleet-wide image bump", found.image_bump.wall, 3, 3, "s"),
        Target("`milepost validate`", found.validate.wall, 6, 2, "s"),
        Target("`milepost --help`", found.help.wall, 0.15, 0.15, "s"),
        Target("peak memory, all processes", found.peak, 2 * 2**30, 2**30, "B"),
    ]
    if found.instructions is not None:
        targets.append(
            Target("instructions of a cold compile, one process", found.instructions, 40e9, 16e9, "I")
        )
    if found.unit_build is not None:
        targets.append(Target("`kubectl kustomize` of the largest unit", found.unit_build.wall, 1, 0.3, "s"))
    return targets


def _shown(number: float, unit: str) -> str:
    if unit == "B":
        return bytes_(number)
    if unit == "I":
        return f"{number / 1e9:.1f} G"
    return seconds(number) if unit == "s" else f"{number:.1f}"
