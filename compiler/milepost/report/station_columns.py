"""Station columns: a province's stations as numbers that point into short lists, a few hundred kilobytes for 34,000.

Stations stand in order of station group and name. What stations have in common (their kind of nodes, what runs there)
stands once in a list of its own. The keys are the page's; ``templates/script/fleet.js`` reads them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any, Generic, TypeVar

from milepost.model.fleet import Access, Node, Profile, Station, StationGroup
from milepost.model.instances import Instances, RunningWorkload
from milepost.model.plan import Plan, Workload
from milepost.model.stake_mark import kilometre
from milepost.report.embed import Json

T = TypeVar("T", bound=Hashable)


class InternTable(Generic[T]):
    """A list without duplicates, and the index of each item in it."""

    def __init__(self) -> None:
        self.items: list[T] = []
        self._known: dict[T, int] = {}

    def place(self, item: T) -> int:
        found = self._known.get(item)
        if found is None:
            found = self._known[item] = len(self.items)
            self.items.append(item)
        return found


def province(plan: Plan, instances: Instances) -> Json:
    """Everything that the page draws of a province."""
    columns = _Columns(plan, instances)
    home = plan.fleet.province
    groups = [_group(plan, group, instances) for group in home.groups]
    for group in home.groups:
        for station in group.stations:
            columns.add(station)
    return {
        "name": home.name,
        "engine": home.sync.engine,
        "kubernetes": home.cluster.kubernetes,
        "kubeedge": home.cluster.kubeedge,
        "groups": groups,
        **columns.json(),
    }


def _group(plan: Plan, group: StationGroup, instances: Instances) -> Json:
    versions = plan.running.of_group[group.name]
    return {
        "name": group.name,
        "road": group.road.code,
        "title": group.road.name,
        "from": kilometre(group.road.start),
        "to": kilometre(group.road.end),
        "owners": list(group.rights.owners),
        "size": len(group.stations),
        "versions": {name: versions[name] for name in instances.applications(group)},
        "waves": {
            release.name: number
            for release in plan.fleet.catalog.releases
            for number, wave in enumerate(release.waves)
            if group.name in wave.groups
        },
    }


class _Columns:
    """Column by column, a value for each station."""

    def __init__(self, plan: Plan, instances: Instances) -> None:
        self._plan, self._instances = plan, instances
        self._names: list[str] = []
        self._columns: dict[str, list[Any]] = {
            key: [] for key in ("title", "km", "type", "parent", "access", "nodes", "runs")
        }
        self._types, self._accesses = InternTable[str](), InternTable[Access]()
        self._profiles, self._workloads = InternTable[Profile](), InternTable[Workload]()
        self._mixes, self._runs = InternTable[tuple[Any, ...]](), InternTable[tuple[Any, ...]]()

    def add(self, station: Station) -> None:
        self._names.append(station.name)
        row = (
            station.row.title,
            kilometre(station.row.stake),
            self._types.place(station.type),
            station.row.parent,
            # -1 rather than null keeps the column a list of numbers.
            -1 if station.access is None else self._accesses.place(station.access),
            self._mixes.place(tuple(self._node(node, station) for node in station.nodes)),
            self._runs.place(tuple(map(self._run, self._instances.at(station)))),
        )
        for column, value in zip(self._columns.values(), row, strict=True):
            column.append(value)

    def _node(self, node: Node, station: Station) -> tuple[Any, ...]:
        """Its name without the station's where it starts with it (``-l01``), so that stations of one kind are equal."""
        # A node mostly shares its station's line; said for each node, few stations would be
        # equal and the table of mixes useless.
        own = node.access is not None and node.access is not station.access
        access = self._accesses.place(node.access) if own and node.access is not None else -1
        short = node.name.removeprefix(station.name)
        # `=` cannot begin a node's name, so the script can tell a whole name from a suffix.
        name = short if short != node.name else f"={node.name}"
        return name, self._profiles.place(node.profile), " ".join(node.roles), access

    def _run(self, running: RunningWorkload) -> tuple[Any, ...]:
        place = self._workloads.place(running.workload)
        return place, running.instances, running.fitting, " ".join(running.architectures)

    def json(self) -> Json:
        # Only here: a parent may come after its child in the order of the columns.
        at = {name: index for index, name in enumerate(self._names)}
        parents = [at.get(parent, -1) for parent in self._columns["parent"]]
        return {
            "stations": {"name": self._names, **self._columns, "parent": parents},
            "types": [[t, self._plan.fleet.catalog.station_types[t]] for t in self._types.items],
            "accesses": [[a.name, a.line, a.medium, a.down, a.up, a.outage] for a in self._accesses.items],
            "profiles": [[p.name, p.architecture, p.cpu, p.memory] for p in self._profiles.items],
            "mixes": self._mixes.items,
            "runs": self._runs.items,
            "workloads": list(self._described()),
        }

    def _described(self) -> Iterator[list[Any]]:
        for workload in self._workloads.items:
            yield [
                workload.application,
                list(workload.members),
                workload.kind,
                workload.scope,
                workload.reason,
            ]
