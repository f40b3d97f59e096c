"""Stations resolved: rows of stations and nodes to stations by group, with everything inherited in place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import Access, Catalog, Node, Profile, Settings, Station
from milepost.model.origin import RowOrigin
from milepost.model.parsed import ParsedInventory, ParsedSpec
from milepost.model.record import record
from milepost.model.spec import NodeRow, StationRow
from milepost.resolve import inherit
from milepost.resolve.lan_rows import StationNetworks
from milepost.resolve.levels import InheritedLevel
from milepost.resolve.profiles import profiles
from milepost.resolve.references import RowReferences, loops
from milepost.resolve.table_rows import NodeEntry, node_rows, station_rows
from milepost.resolve.typed_cells import TypedCells

MP3011 = Code(
    "MP3011",
    "station in another province's group",
    "A station belongs to a group of its own province: a province's tree needs nothing from another's.",
    "# provinces/hunan/stations.csv\nname,group,type\nyueyang,gd-g15,toll-station\n",
)
MP3012 = Code(
    "MP3012",
    "missing access profile",
    "A station has no line to the cloud: neither its row nor any level above names an AccessProfile.",
    "name,group,type\nyueyang,hn-g4,toll-station\n",
)


@record
class NodeKind:
    """The fields of a node row apart from name, station and address: a combination that many rows share."""

    profile: Profile
    roles: tuple[str, ...]
    access: Access | None
    labels: Settings
    values: Settings


class StationBuilder:
    """Builds the stations of one province; what rows refer to and is not there is kept until ``report``."""

    def __init__(
        self,
        catalog: Catalog,
        spec_: ParsedSpec,
        inventory: ParsedInventory,
        accesses: Mapping[str, Access],
        sink: Sink,
    ) -> None:
        self._catalog, self._spec, self._accesses, self._sink = catalog, spec_, accesses, sink
        self._profiles = profiles(spec_)
        # Stands in for a profile whose name dangles, until the stage ends and stops.
        self._no_profile = Profile("", "", "", "", 0, 0, 0, 0, 0, 0, spec_.fleet.at)
        self._roles = dict.fromkeys(catalog.roles, True)
        self._kinds: dict[tuple[object, ...], NodeKind] = {}
        self._references, self._cells = RowReferences(sink), TypedCells(sink)
        self._without_access: list[RowOrigin] = []
        self._rows = station_rows(inventory.stations, sink)
        self._nodes = self._nodes_by_station(node_rows(inventory.nodes, sink))
        self._networks = StationNetworks(inventory, self._references, sink)

    def by_group(self, groups: Mapping[str, InheritedLevel]) -> Mapping[str, list[Station]]:
        """The stations of each of ``groups``, sorted by name; ``groups`` says what arrives from there."""
        self._networks.check(self._rows, self._nodes)
        parents = {name: row.parent for name, (row, _) in self._rows.items() if row.parent is not None}
        for name, parent in parents.items():
            if parent not in self._rows:
                self._references.find("station", parent, self._rows, self._rows[name][1], "parent")
        found: dict[str, list[Station]] = defaultdict(list)
        if not loops(
            "stations", parents, parents.get, lambda name: self._rows[name][1].of("parent"), self._sink
        ):
            levels: dict[tuple[str, str], InheritedLevel] = {}
            for name, (row, origin) in self._rows.items():
                if row.group in groups:
                    level = self._level(name, groups[row.group], levels)
                    found[row.group].append(self._station(row, origin, level))
                else:
                    self._report_group(row, origin, groups)
        return found

    def report(self) -> None:
        """What rows have in common that is wrong, each cause once."""
        self._references.report()
        self._cells.report()
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

    def _report_group(self, row: StationRow, origin: RowOrigin, groups: Mapping[str, InheritedLevel]) -> None:
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

    def _level(
        self, name: str, above: InheritedLevel, levels: dict[tuple[str, str], InheritedLevel]
    ) -> InheritedLevel:
        """What holds at a station: its group's, overlaid by each manager's, the nearest last, overlaid by its own."""
        group, member, chain = self._rows[name][0].group, name, []
        # Upward until a manager that is known: gantries of one managing station work its level
        # out once.
        while (level := levels.get((group, member))) is None and member in self._rows:
            chain.append(self._rows[member])
            member = chain[-1][0].parent or ""
        level = level or above
        for row, origin in reversed(chain):
            set_at = self._catalog.station_types.get(row.type, "")
            level = level.row(row, set_at, origin, self._accesses, self._references, self._cells)
            levels[group, row.name] = level
        return level

    def _station(self, row: StationRow, origin: RowOrigin, level: InheritedLevel) -> Station:
        if row.type not in self._catalog.station_types:
            self._references.find("station type", row.type, self._catalog.station_types, origin, "type")
        if level.access is None:
            self._without_access.append(origin)
        return Station(
            name=row.name,
            group=row.group,
            type=row.type,
            row=row,
            access=level.access,
            rights=level.rights,
            labels=level.labels,
            values=level.values,
            nodes=tuple([self._node(node, at, level) for node, at in self._nodes.get(row.name, ())]),
            origin=origin,
            addresses=self._networks.addresses.get(row.name, ()),
            devices=self._networks.devices.get(row.name, ()),
        )

    def _node(self, row: NodeRow, origin: RowOrigin, above: InheritedLevel) -> Node:
        """Most nodes are of a kind that was seen before; columns share what is equal, so it is told apart by ``id``."""
        # Identities are safe as keys, because the columns of the table hold the objects as long
        # as this builder lives.
        key = (row.profile, row.access, id(row.roles), id(row.labels), id(row.values))
        kind = self._kinds.get(key) or self._kind(row, origin, key)
        return Node(
            row.name,
            row,
            kind.profile,
            kind.roles,
            kind.access or above.access,
            # The station's own object where the node adds nothing: "has no labels of its own"
            # is then a comparison by identity in later stages.
            {**above.labels, **kind.labels} if kind.labels else above.labels,
            {**above.values, **kind.values} if kind.values else above.values,
            origin,
        )

    def _kind(self, row: NodeRow, origin: RowOrigin, key: tuple[object, ...]) -> NodeKind:
        """Kept only where nothing dangles: every row that names a missing thing counts."""
        find, level = self._references.find, self._catalog.levels[5]
        profile = find("hardware profile", row.profile, self._profiles, origin, "profile")
        access = row.access and find("access profile", row.access, self._accesses, origin, "access")
        roles = [role for role in row.roles if find("role", role, self._roles, origin, "roles")]
        kind = NodeKind(
            profile or self._no_profile,
            tuple(sorted(set(row.roles))),
            access or None,
            inherit.from_row({}, row.labels, level, None, "label"),
            inherit.from_row({}, row.values, level, None, "value"),
        )
        # A kind with a dangling name is made anew for each row, so that the message can count
        # the rows.
        if profile and (access or not row.access) and len(roles) == len(row.roles):
            self._kinds[key] = kind
        return kind
