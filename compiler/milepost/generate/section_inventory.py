"""Inventory rows of a road section: its stations along the road, and the nodes of each station.

A gantry is a pair of controllers. A toll station has two servers, one for the databases and one for the office,
and a computer for every lane.
"""

from __future__ import annotations

from collections.abc import Iterator

from milepost.generate.addresses import address, gateway, subnet, virtual
from milepost.generate.dice import Dice
from milepost.generate.fleet_size import apportion
from milepost.generate.geography import SampleProvince
from milepost.generate.sections import RoadSection

STATION_COLUMNS = (
    *("name", "group", "type", "title", "stake", "parent", "access", "owners"),
    *("label:weather", "value:toll_code", "value:gantry_id", "value:direction"),
    *("subnets", "gateways"),
)
ADDRESS_COLUMNS = ("name", "station", "addresses")
NODE_COLUMNS = (
    *("name", "station", "profile", "roles", "address", "access"),
    *("label:direction", "value:lane", "label:mirror"),
)
Row = tuple[str, ...]

ARM, IPC, SERVER, CONTROLLER = "arm-lane-1g", "x86-ipc-8g", "x86-server-16g", "arm-gantry-4g"
PAIRS = (*[(CONTROLLER, CONTROLLER)] * 14, *[(IPC, IPC)] * 5, (CONTROLLER, IPC))
SERVERS = (*[(SERVER, SERVER)] * 6, *[(SERVER, IPC)] * 3, (IPC, IPC))
LANES = (*[(ARM,)] * 6, *[(ARM, IPC)] * 3, (IPC,))
"""What was bought together, as often as it was; lanes take their profiles in turn."""
SIDES = ("", " North", " South", " East", " West", " Airport", " New Town", " Industrial Park")
WEATHER = (*[""] * 30, "fog", "ice")
SLOW = "public-4g-3m"


class SectionInventory:
    """The tables of one section, filled as it is built."""

    def __init__(
        self, province: SampleProvince, section: RoadSection, lans: Iterator[int], dice: Dice
    ) -> None:
        self.stations: list[Row] = []
        self.nodes: list[Row] = []
        self.addresses: list[Row] = []
        self._province, self._section, self._lans, self._dice = province, section, lans, dice
        self._build()

    def _build(self) -> None:
        size, places = self._section.size, self._places()
        tolls = [(2 * i + 1) * size.stations // (2 * size.tolls) for i in range(size.tolls)]
        names = [f"{self._name(places[at])}-toll" for at in tolls]
        at_toll = dict(zip(tolls, zip(names, self._lanes(), strict=True), strict=True))
        for at, metre in enumerate(places):
            if at in at_toll:
                self._toll(metre, *at_toll[at])
            else:
                self._gantry(metre, names[at * size.tolls // size.stations])
        self._place_mirror()

    def _place_mirror(self) -> None:
        """The section's registry mirror is on its first large server; on its first node where it has none."""
        profile = NODE_COLUMNS.index("profile")
        at = next((i for i, node in enumerate(self.nodes) if node[profile] == SERVER), 0)
        self.nodes[at] = (*self.nodes[at][:-1], "section")

    def _places(self) -> list[int]:
        """Metres along the road; never two in one kilometre, for stations stand two kilometres apart or more."""
        first, step = self._section.start * 1000, self._section.step
        return [first + i * step + 10 * self._dice.below(100) for i in range(self._section.size.stations)]

    def _lanes(self) -> list[int]:
        """Lanes of each toll station: two, and more where traffic is."""
        size = self._section.size
        weights = [self._dice.pick((1, 1, 1, 2, 2, 3)) for _ in range(size.tolls)]
        return [2 + more for more in apportion(size.lanes - 2 * size.tolls, weights)]

    def _name(self, metre: int) -> str:
        return f"{self._province.short}-{self._section.road.lower()}-k{metre // 1000}"

    def _title(self, at: int) -> str:
        """What people call the toll station at place ``at`` of the section: the nearer town, and which side of it."""
        size = self._section.size
        town = self._section.towns[2 * at >= size.stations].capitalize()
        return town + SIDES[at * size.tolls // size.stations % len(SIDES)]

    def _number(self, metre: int) -> str:
        road, province = self._section.road, self._province.code
        return f"{road[0]}{road[1:]:0>4}{province}{metre // 10:07d}"

    def _toll(self, metre: int, name: str, lanes: int) -> None:
        owners = f"{self._province.name}-operations {name}" if self._dice.chance(2) else ""
        site = (name, self._section.name, "toll-station", self._title(len(self.stations)))
        lan = next(self._lans)
        row = (*site, _stake(metre), "", "", owners, "", self._number(metre), "", "")
        self.stations.append((*row, subnet(lan), gateway(lan)))
        self._move(name, lan, "services-a", "services-b")
        self._toll_nodes(name, lanes, lan)

    def _move(self, station: str, lan: int, *names: str) -> None:
        """Virtual addresses of a station."""
        self.addresses += [(name, station, virtual(lan, turn)) for turn, name in enumerate(names)]

    def _toll_nodes(self, name: str, lanes: int, lan: int) -> None:
        for i, profile in enumerate(self._dice.pick(SERVERS)):
            roles = "server office" if i else "server data"
            self.nodes.append((f"{name}-s{i + 1}", name, profile, roles, address(lan, i), "", "", "", ""))
        profiles = self._dice.pick(LANES)
        for i in range(lanes):
            node = (f"{name}-l{i + 1:02d}", name, profiles[i % len(profiles)], "lane", address(lan, 2 + i))
            access = SLOW if self._dice.chance(1) else ""
            self.nodes.append((*node, access, "exit" if i % 2 else "entry", f"{i + 1:02d}", ""))

    def _gantry(self, metre: int, parent: str) -> None:
        name, direction = self._name(metre), self._dice.pick(("up", "down"))
        access = SLOW if self._dice.chance(6) else ""
        row = (name, self._section.name, "gantry", "", _stake(metre), parent, access, "")
        number = f"{self._number(metre)}{'12'[direction == 'down']}0"
        lan = next(self._lans)
        weather = self._dice.pick(WEATHER)
        self.stations.append((*row, weather, "", number, direction, subnet(lan), gateway(lan)))
        self._move(name, lan, "cameras")
        for i, profile in enumerate(self._dice.pick(PAIRS)):
            self.nodes.append((f"{name}-{'ab'[i]}", name, profile, "gantry", address(lan, i), "", "", "", ""))


def _stake(metre: int) -> str:
    return f"K{metre // 1000}+{metre % 1000:03d}"
