"""Rows of stations and nodes -> stations by group, with everything inherited in place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from milepost.diagnostics import Code, Related, Sink
from milepost.model import spec
from milepost.model.fleet import Access, Catalog, Node, Profile, Station
from milepost.model.origin import Row
from milepost.model.written import Inventory, Spec
from milepost.resolve.levels import Level
from milepost.resolve.profiles import profiles
from milepost.resolve.references import RowReferences, loops
from milepost.resolve.table_rows import NodeEntry, node_rows, station_rows

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


class Stations:
    """Builds the stations of one province; what rows refer to and is not there is kept until ``report``."""

    def __init__(
        self, catalog: Catalog, spec_: Spec, inventory: Inventory, accesses: Mapping[str, Access], sink: Sink
    ) -> None:
        self._catalog, self._spec, self._accesses, self._sink = catalog, spec_, accesses, sink
        self._profiles = profiles(spec_)
        self._roles = dict.fromkeys(catalog.roles, True)
        self._known_roles: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._references = RowReferences(sink)
        self._without_access: list[Row] = []
        self._rows = station_rows(inventory.stations, sink)
        self._nodes = self._nodes_by_station(node_rows(inventory.nodes, sink))

    def by_group(self, groups: Mapping[str, Level]) -> Mapping[str, list[Station]]:
        """The stations of each of ``groups``, sorted by name; ``groups`` says what arrives from there."""
        parents = {name: row.parent for name, (row, _) in self._rows.items() if row.parent is not None}
        for name, parent in parents.items():
            self._references.find("station", parent, self._rows, self._rows[name][1], "parent")
        origins = {name: self._rows[name][1].of("parent") for name in parents}
        found: dict[str, list[Station]] = defaultdict(list)
        if not loops("stations", origins, parents.get, self._sink):
            levels: dict[tuple[str, str], Level] = {}
            for name, (row, origin) in self._rows.items():
                if self._group_known(row, origin, groups):
                    found[row.group].append(self._station(name, self._level(name, groups, levels)))
        return found

    def report(self) -> None:
        """What rows have in common that is wrong, each cause once."""
        self._references.report()
        if self._without_access:
            row = self._without_access[0]
            others = len(self._without_access) - 1
            name = row.table.rows[row.index]["name"]
            self._sink.report(
                MP3012,
                f'station "{name}" has no access profile' + (f", nor have {others} more" if others else ""),
                row.span,
                hint="set access on the row, its group, its province or the fleet",
            )

    def _nodes_by_station(self, rows: Mapping[str, NodeEntry]) -> Mapping[str, list[NodeEntry]]:
        found: dict[str, list[NodeEntry]] = defaultdict(list)
        for entry in rows.values():
            name = entry[0].station
            if name not in self._rows:
                self._references.find("station", name, self._rows, entry[1], "station")
            found[name].append(entry)
        return found

    def _group_known(self, row: spec.StationRow, origin: Row, groups: Mapping[str, Level]) -> bool:
        if row.group in groups:
            return True
        foreign = self._spec.station_groups.get(row.group)
        if foreign is None:
            self._references.find("station group", row.group, groups, origin, "group")
        else:
            self._sink.report(
                MP3011,
                f'station "{row.name}" is in group "{row.group}" of province "{foreign.model.spec.province}"',
                origin.of("group").span,
                related=[Related("the group says so here", foreign.document.span("spec", "province"))],
                hint="move the row to that province's inventory, or name a group of this one",
            )
        return False

    def _level(self, name: str, groups: Mapping[str, Level], levels: dict[tuple[str, str], Level]) -> Level:
        """What holds at a station: its group's, overlaid by each manager's, the nearest last, overlaid by its own."""
        group = self._rows[name][0].group
        chain, member = [name], self._rows[name][0].parent
        while member is not None and member in self._rows and (group, chain[-1]) not in levels:
            chain.append(member)
            member = self._rows[member][0].parent
        above = groups[group]
        for member in reversed(chain):
            if (group, member) not in levels:
                row, origin = self._rows[member]
                level = self._catalog.station_types.get(row.type, "")
                levels[group, member] = above.row(row, level, origin, self._accesses, self._references)
            above = levels[group, member]
        return above

    def _station(self, name: str, level: Level) -> Station:
        row, origin = self._rows[name]
        if row.type not in self._catalog.station_types:
            self._references.find("station type", row.type, self._catalog.station_types, origin, "type")
        if level.access is None:
            self._without_access.append(origin)
        return Station(
            name=name,
            group=row.group,
            type=row.type,
            title=row.title,
            stake=row.stake,
            parent=row.parent,
            access=level.access,
            owners=level.owners,
            labels=level.labels,
            values=level.values,
            nodes=tuple([self._node(node, at, level) for node, at in self._nodes.get(name, ())]),
            origin=origin,
        )

    def _node(self, row: spec.NodeRow, origin: Row, above: Level) -> Node:
        profile = self._profiles.get(row.profile) or self._references.find(
            "hardware profile", row.profile, self._profiles, origin, "profile"
        )
        level = above.row(row, self._catalog.levels[5], origin, self._accesses, self._references)
        return Node(
            name=row.name,
            profile=profile or _NO_PROFILE,
            roles=self._sorted_roles(row, origin),
            address=row.address,
            access=level.access,
            labels=level.labels,
            values=level.values,
            origin=origin,
        )

    def _sorted_roles(self, row: spec.NodeRow, origin: Row) -> tuple[str, ...]:
        """Each role once; nodes with the same ones share the tuple."""
        given = tuple(row.roles)
        found = self._known_roles.get(given)
        if found is None:
            for role in given:
                self._references.find("role", role, self._roles, origin, "roles")
            found = tuple(sorted(set(given)))
            if self._roles.keys() >= set(given):
                self._known_roles[given] = found
        return found


_NO_PROFILE = Profile("", "", 0, 0, 0, 0, 0, 0)
"""Stands in for a profile whose name dangles, until the stage ends and stops."""
