"""LAN rows resolved: virtual addresses and devices to the stations whose LANs they are on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain

from milepost.diagnostics import Code, Related, Sink, did_you_mean
from milepost.model.fleet import Device, VirtualAddress
from milepost.model.parsed import ParsedInventory
from milepost.resolve.references import RowReferences
from milepost.resolve.table_rows import NodeEntry, StationEntry, entries_of, rows_at_stations

MP3015 = Code(
    "MP3015",
    "device wired to a node of another station",
    "A serial line, or a port that a device sends to, is of a node that stands at the same station: a cable ends on the "
    "site.",
    "# devices.csv\nname,station,type,node,path\nbarrier,yueyang,lane-controller,changsha-l01,/dev/ttyS0\n",
)


class StationNetworks:
    """The virtual addresses and devices of one province, by station; each sorted by name."""

    def __init__(self, inventory: ParsedInventory, references: RowReferences, sink: Sink) -> None:
        self._references, self._sink = references, sink
        addresses: dict[str, list[VirtualAddress]] = defaultdict(list)
        rows = chain.from_iterable(entries_of(t.table, t.rows) for t in inventory.addresses)
        for (station, name), (row, origin) in rows_at_stations(rows, "virtual addresses", sink).items():
            addresses[station].append(VirtualAddress(name, row, origin))
        devices: dict[str, list[Device]] = defaultdict(list)
        wired = chain.from_iterable(entries_of(t.table, t.rows) for t in inventory.devices)
        for (station, name), (device, origin) in rows_at_stations(wired, "devices", sink).items():
            devices[station].append(Device(name, device, origin))
        self.addresses = {station: tuple(found) for station, found in addresses.items()}
        self.devices = {station: tuple(found) for station, found in devices.items()}

    def check(self, stations: Mapping[str, StationEntry], nodes: Mapping[str, Sequence[NodeEntry]]) -> None:
        """Report rows of stations and nodes that are not there."""
        placed: tuple[VirtualAddress | Device, ...] = tuple(
            chain.from_iterable((*self.addresses.values(), *self.devices.values()))
        )
        for thing in placed:
            if thing.row.station not in stations:
                self._references.find("station", thing.row.station, stations, thing.origin, "station")
        wired = {name: [d for d in found if d.row.node is not None] for name, found in self.devices.items()}
        where = (
            {entry[0].name: station for station, here in nodes.items() for entry in here}
            if any(wired.values())
            else {}
        )
        for name, found in wired.items():
            for device in found:
                self._check_node(device, where, [entry[0].name for entry in nodes.get(name, ())])

    def _check_node(self, device: Device, where: Mapping[str, str], here: Sequence[str]) -> None:
        node = device.row.node or ""
        if node in here:
            return
        at = device.origin.of("node").span
        if node not in where:
            self._references.find("node", node, where, device.origin, "node")
            return
        self._sink.report(
            MP3015,
            f'device "{device.name}" of station "{device.row.station}" is wired to node "{node}" of station "{where[node]}"',
            at,
            related=[Related("the device is said to stand here", device.origin.of("station").span)],
            hint=did_you_mean(node, here) or "name a node of the same station",
        )
