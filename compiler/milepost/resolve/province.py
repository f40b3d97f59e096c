"""One province's tables -> its groups, stations and nodes, with everything inherited in place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from milepost.diagnostics import Code, Related, Sink
from milepost.model import spec
from milepost.model.fleet import (
    Access,
    Catalog,
    Fleet,
    Node,
    Profile,
    Province,
    Settings,
    Station,
    StationGroup,
)
from milepost.model.origin import At, Row
from milepost.model.quantity import bits_per_second, bytes_of, millicores, seconds
from milepost.model.written import Inventory, Spec
from milepost.resolve import inherit
from milepost.resolve.references import RowReferences, loops

MP3010 = Code(
    "MP3010",
    "two rows of one name",
    "Stations of a province, and nodes of a province, are told apart by name: a node's name is its name in Kubernetes.",
    "name,station,profile\nhn-01,yueyang,arm-lane\nhn-01,yueyang,arm-lane\n",
)
MP3011 = Code(
    "MP3011",
    "station in a foreign group",
    "A station belongs to a group of its own province: a province's tree needs nothing from another's.",
    "# provinces/hunan/stations.csv\nname,group,type\nyueyang,gd-g15,toll-station\n",
)
MP3012 = Code(
    "MP3012",
    "no access profile",
    "A station has no line to the cloud: neither its row nor any level above names an AccessProfile.",
    "name,group,type\nyueyang,hn-g4,toll-station\n",
)


R = TypeVar("R", spec.StationRow, spec.NodeRow)


@dataclass(frozen=True, slots=True)
class _Above:
    """What arrives from the level above."""

    labels: Settings
    values: Settings
    owners: tuple[str, ...]
    access: Access | None


def fleet(catalog: Catalog, spec_: Spec, inventory: Inventory, sink: Sink) -> Fleet | None:
    """The province as meant, or None when a row refers to nothing; every fault is in ``sink``."""
    builder = _Builder(catalog, spec_, inventory, sink)
    province = builder.province()
    builder.report()
    return None if sink.failed else Fleet(catalog, province)


class _Builder:
    def __init__(self, catalog: Catalog, spec_: Spec, inventory: Inventory, sink: Sink) -> None:
        self.catalog, self.spec, self.inventory, self.sink = catalog, spec_, inventory, sink
        self.rows = RowReferences(sink)
        self.without_access: list[Row] = []
        self.access = {n: _access(n, w.model.spec) for n, w in spec_.access_profiles.items()}
        self.profiles = {n: _profile(n, w.model.spec) for n, w in spec_.hardware_profiles.items()}
        self.stations = self._station_rows()
        self.nodes = self._node_rows()

    def province(self) -> Province:
        written = self.inventory.province
        body = written.model.spec
        above = self._overlay(self._fleet_level(), body, self.catalog.levels[1], written.at.of("spec"))
        fleet_body = self.spec.fleet.model.spec
        budgets = inherit.budgets(
            {}, fleet_body.budgets, self.catalog.levels[0], self.spec.fleet.at.of("spec", "budgets")
        )
        budgets = inherit.budgets(
            budgets, body.budgets, self.catalog.levels[1], written.at.of("spec", "budgets")
        )
        return Province(
            name=written.name,
            cluster=body.cluster,
            sync=body.sync or fleet_body.sync,
            prepull=body.prepull or fleet_body.prepull,
            owners=above.owners,
            values=above.values,
            groups=self._groups(written.name, above, budgets),
            origin=written.at,
        )

    def _fleet_level(self) -> _Above:
        nothing = _Above(inherit.NOTHING, inherit.NOTHING, (), None)
        at = self.spec.fleet.at.of("spec")
        return self._overlay(nothing, self.spec.fleet.model.spec, self.catalog.levels[0], at)

    def _overlay(self, above: _Above, body: spec.base.Inherited, level: str, at: At) -> _Above:
        return _Above(
            inherit.from_document(above.labels, body.labels, level, at.of("labels")),
            inherit.from_document(above.values, body.values, level, at.of("values")),
            inherit.owners(above.owners, body.owners),
            self.access.get(body.access or "", above.access),
        )

    def _groups(self, province: str, above: _Above, budgets: Settings) -> tuple[StationGroup, ...]:
        mine = {n: w for n, w in self.spec.station_groups.items() if w.model.spec.province == province}
        overlaid: dict[str, _Above] = {}
        for name, written in mine.items():
            overlaid[name] = self._overlay(
                above, written.model.spec, self.catalog.levels[2], written.at.of("spec")
            )
        stations = self._stations(overlaid)
        return tuple(
            StationGroup(
                name=name,
                road=written.model.spec.road,
                owners=overlaid[name].owners,
                labels=overlaid[name].labels,
                values=overlaid[name].values,
                budgets=inherit.budgets(
                    budgets,
                    written.model.spec.budgets,
                    self.catalog.levels[2],
                    written.at.of("spec", "budgets"),
                ),
                stations=tuple(stations.get(name, ())),
                origin=written.at,
            )
            for name, written in mine.items()
        )

    def _station_rows(self) -> dict[str, tuple[spec.StationRow, Row]]:
        found: dict[str, tuple[spec.StationRow, Row]] = {}
        for table in self.inventory.stations:
            for index, row in enumerate(table.rows):
                self._keep(found, row, Row(table.table, index), "stations")
        return found

    def _node_rows(self) -> Mapping[str, list[tuple[spec.NodeRow, Row]]]:
        found: dict[str, tuple[spec.NodeRow, Row]] = {}
        for table in self.inventory.nodes:
            for index, row in enumerate(table.rows):
                self._keep(found, row, Row(table.table, index), "nodes")
        by_station: dict[str, list[tuple[spec.NodeRow, Row]]] = defaultdict(list)
        for name in sorted(found):
            row, origin = found[name]
            if row.station not in self.stations:
                self.rows.find("station", row.station, self.stations, origin.of("station"))
            by_station[row.station].append((row, origin))
        return by_station

    def _keep(self, found: dict[str, tuple[R, Row]], row: R, origin: Row, what: str) -> None:
        first = found.setdefault(row.name, (row, origin))
        if first[0] is not row:
            self.sink.report(
                MP3010,
                f'two {what} are named "{row.name}"',
                origin.of("name").span,
                related=[Related("first named here", first[1].of("name").span)],
            )

    def _stations(self, groups: Mapping[str, _Above]) -> Mapping[str, list[Station]]:
        parents = {name: row.parent for name, (row, _) in self.stations.items() if row.parent is not None}
        origins = {name: self.stations[name][1].of("parent") for name in parents}
        for name, parent in parents.items():
            self.rows.find("station", parent, self.stations, origins[name])
        if loops("stations", origins, parents.get, self.sink):
            return {}
        overlaid: dict[tuple[str, str], _Above] = {}
        by_group: dict[str, list[Station]] = defaultdict(list)
        for name in sorted(self.stations):
            row, origin = self.stations[name]
            if self._group_known(row, origin, groups):
                by_group[row.group].append(self._station(name, groups, overlaid))
        return by_group

    def _group_known(self, row: spec.StationRow, origin: Row, groups: Mapping[str, _Above]) -> bool:
        if row.group in groups:
            return True
        foreign = self.spec.station_groups.get(row.group)
        if foreign is None:
            self.rows.find("station group", row.group, groups, origin.of("group"))
        else:
            self.sink.report(
                MP3011,
                f'station "{row.name}" is in group "{row.group}" of province "{foreign.model.spec.province}"',
                origin.of("group").span,
                related=[Related("the group says so here", foreign.document.span("spec", "province"))],
                hint="move the row to that province's inventory, or name a group of this one",
            )
        return False

    def _station(
        self, name: str, groups: Mapping[str, _Above], overlaid: dict[tuple[str, str], _Above]
    ) -> Station:
        row, origin = self.stations[name]
        self.rows.find("station type", row.type, self.catalog.station_types, origin.of("type"))
        above = self._station_level(name, groups, overlaid)
        if above.access is None:
            self.without_access.append(origin)
        return Station(
            name=name,
            group=row.group,
            type=row.type,
            title=row.title,
            stake=row.stake,
            parent=row.parent,
            access=above.access,
            owners=above.owners,
            labels=above.labels,
            values=above.values,
            nodes=tuple(self._node(node, at, above) for node, at in self.nodes.get(name, ())),
            origin=origin,
        )

    def _station_level(
        self, name: str, groups: Mapping[str, _Above], overlaid: dict[tuple[str, str], _Above]
    ) -> _Above:
        """What holds at a station: its group's, overlaid by each manager's, the nearest last, overlaid by its own."""
        group = self.stations[name][0].group
        chain, member = [name], self.stations[name][0].parent
        while member is not None and member in self.stations and (group, chain[-1]) not in overlaid:
            chain.append(member)
            member = self.stations[member][0].parent
        above = groups[group]
        for member in reversed(chain):
            if (group, member) not in overlaid:
                row, origin = self.stations[member]
                level = self.catalog.station_types.get(row.type, "")
                overlaid[group, member] = self._overlay_row(above, row, level, origin)
            above = overlaid[group, member]
        return above

    def report(self) -> None:
        """What rows have in common that is wrong, each cause once."""
        self.rows.report()
        if self.without_access:
            row = self.without_access[0]
            others = len(self.without_access) - 1
            name = row.table.rows[row.index]["name"]
            self.sink.report(
                MP3012,
                f'station "{name}" has no access profile' + (f", nor have {others} more" if others else ""),
                row.span,
                hint="set access on the row, its group, its province or the fleet",
            )

    def _overlay_row(
        self, above: _Above, row: spec.StationRow | spec.NodeRow, level: str, origin: Row
    ) -> _Above:
        if not (row.labels or row.values or row.access or getattr(row, "owners", None)):
            return above
        access = above.access
        if row.access is not None:
            access = self.rows.find("access profile", row.access, self.access, origin.of("access")) or access
        return _Above(
            inherit.from_row(above.labels, row.labels, level, origin, "label"),
            inherit.from_row(above.values, row.values, level, origin, "value"),
            inherit.owners(above.owners, row.owners) if isinstance(row, spec.StationRow) else above.owners,
            access,
        )

    def _node(self, row: spec.NodeRow, origin: Row, above: _Above) -> Node:
        profile = self.rows.find("hardware profile", row.profile, self.profiles, origin.of("profile"))
        for role in row.roles:
            if role not in self.catalog.roles:
                self.rows.find("role", role, dict.fromkeys(self.catalog.roles, True), origin.of("roles"))
        own = self._overlay_row(above, row, self.catalog.levels[5], origin)
        return Node(
            name=row.name,
            profile=profile or _NO_PROFILE,
            roles=tuple(sorted(set(row.roles))),
            address=row.address,
            access=own.access,
            labels=own.labels,
            values=own.values,
            origin=origin,
        )


_NO_PROFILE = Profile("", "", 0, 0, 0, 0, 0, 0)
"""Stands in for a profile whose name dangles, until the stage ends and stops."""


def _access(name: str, body: spec.access_profile.AccessProfileSpec) -> Access:
    down, up = bits_per_second(body.down), bits_per_second(body.up)
    return Access(name, body.line, body.medium, down, up, seconds(body.outage))


def _profile(name: str, body: spec.hardware_profile.HardwareProfileSpec) -> Profile:
    return Profile(
        name=name,
        architecture=body.architecture,
        cpu=millicores(body.cpu),
        memory=bytes_of(body.memory),
        disk=bytes_of(body.disk),
        reserved_cpu=millicores(body.reserved.cpu),
        reserved_memory=bytes_of(body.reserved.memory),
        reserved_disk=bytes_of(body.reserved.disk),
    )
