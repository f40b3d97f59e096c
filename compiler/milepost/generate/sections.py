"""Road sections: which road, between which towns, from which stake mark to which, and how large.

Sections of one road follow each other, so that no two stations of a road share a kilometre.
"""

from __future__ import annotations

from collections import Counter

from milepost.generate.dice import Dice
from milepost.generate.fleet_size import ProvinceSize, split
from milepost.generate.geography import SampleProvince
from milepost.generate.roads import road_name
from milepost.model.record import by_value

TERRAINS = ("plain", "plain", "hills", "hills", "mountain", "urban")
LINES = ("private-20m", "proxy-10m", "public-20m", "public-4g-3m")
FIRST_KILOMETRE = 2400
"""National roads enter a province somewhere below this; provincial roads start at 0."""


@by_value
class RoadSection:
    """A generated road section.

    A station group. ``step`` is the distance between neighbouring stations, in metres.
    """

    name: str
    road: str
    title: str
    towns: tuple[str, str]
    start: int
    step: int
    terrain: str
    access: str | None
    own_team: bool
    size: ProvinceSize

    @property
    def end(self) -> int:
        """Kilometre where the section ends."""
        return self.start + (self.size.stations * self.step) // 1000 + 1

    @property
    def speed_limit(self) -> int:
        return {"mountain": 80, "urban": 100}.get(self.terrain, 120)


def sections(province: SampleProvince, size: ProvinceSize, dice: Dice) -> list[RoadSection]:
    """The sections of a province, in order of road and stake mark."""
    count = size.groups
    parts = split(size, [7 + dice.below(7) for _ in range(count)], 0)
    # Grouped by road, because a section starts where the one before it on the same road ended.
    roads = sorted((i % len(province.roads), i) for i in range(count))
    ends = {road: _first_kilometre(road, dice) for road in province.roads}
    route: Counter[str] = Counter()
    made = []
    for at, part in roads:
        road = province.roads[at]
        section = _section(province, road, route[road] + at, ends[road], parts[part], dice)
        ends[road] = section.end
        route[road] += 1
        made.append(section)
    return made


def _first_kilometre(road: str, dice: Dice) -> int:
    return 10 * dice.below(FIRST_KILOMETRE // 10) if road.startswith("G") else 0


def _section(
    province: SampleProvince, road: str, leg: int, start: int, size: ProvinceSize, dice: Dice
) -> RoadSection:
    lap, at = divmod(leg, len(province.towns))
    towns = (province.towns[at], province.towns[(at + 1) % len(province.towns)])
    between = "–".join(town.capitalize() for town in towns)
    return RoadSection(
        name="-".join((province.short, road.lower(), *towns, *([str(lap + 1)] if lap else []))),
        road=road,
        title=f"{road_name(road)}, {between}",
        towns=towns,
        start=start,
        step=2000 + 100 * dice.below(31),
        terrain=dice.pick(TERRAINS),
        access=dice.pick(LINES) if dice.chance(12) else None,
        own_team=dice.chance(30),
        size=size,
    )
