"""Failover: the nodes that have each virtual address, in order, and whether every pattern holds at every station."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from milepost.diagnostics import Code, Related, Severity, Sink
from milepost.diagnostics.wording import and_more
from milepost.model.failover import DAEMON_RESOURCES, FailoverPattern, Failovers, LedAddress
from milepost.model.fleet import Fleet, Station
from milepost.model.plan import Placement, PodLoad
from milepost.plan.capacity.pod_requests import of_container
from milepost.plan.failover.patterns import MP4100, check_image, patterns, unheld
from milepost.plan.pass_order import Role
from milepost.plan.placement.selector_matching import node_fits

MP4103 = Code(
    "MP4103",
    "virtual address that a rule names is not there",
    "A rule of an application holds at every station where it runs. One that names a virtual address needs it in the "
    "inventory of each of them, and no other rule may lead the same address there.",
    "topology: [{standby: [gateway], address: cameras}]\n# and no row cameras of station yueyang in addresses.csv\n",
)
MP4105 = Code(
    "MP4105",
    "virtual address that nothing leads to",
    "No rule of an application that runs at the station names this address, so no node has it.",
    "name,station,addresses\ncamera,yueyang,10.43.1.200   # where the rule says cameras\n",
    Severity.WARNING,
)
MP4106 = Code(
    "MP4106",
    "no IPv4 address for VRRP",
    "Nodes of a virtual address talk to each other over IPv4, one by one. So each of them has its `address` in inventory, "
    "and of several addresses that move together one at least is of IPv4.",
    "name,station,addresses\ncameras,yueyang,fd00:43::c8\n",
)
ROLE = Role.DECIDES
_REQUEST = of_container({"resources": DAEMON_RESOURCES})


def run(fleet: Fleet, placement: Placement, sink: Sink) -> Failovers:
    found = patterns(fleet, placement, sink)
    if sink.failed:
        return Failovers((), {}, _REQUEST)
    stations = _Stations(fleet, placement, found)
    led = stations.led()
    stations.report(sink)
    if fleet.catalog.failover is not None:
        nodes = {
            s.nodes[index].profile.architecture: s.nodes[index].name
            for s in stations.every()
            for one in led.get(s.name, ())
            for index in one.order
        }
        check_image(fleet.catalog.failover, nodes, sink)
    return Failovers(found, led, _REQUEST)


class _Stations:
    """The stations of a province, and what is wrong at them."""

    def __init__(self, fleet: Fleet, placement: Placement, found: Sequence[FailoverPattern]) -> None:
        self._fleet, self._placement, self._patterns = fleet, placement, found
        self._missing: dict[tuple[FailoverPattern, str], list[Station]] = {}
        self._twice: list[tuple[Station, str, FailoverPattern]] = []
        self._broken: dict[tuple[FailoverPattern, str], list[Station]] = {}
        self._unaddressed: dict[FailoverPattern, list[tuple[Station, int]]] = {}
        self._idle: list[tuple[Station, str]] = []

    def every(self) -> Iterator[Station]:
        for shape in self._placement.signatures:
            yield from shape.stations

    def led(self) -> dict[str, tuple[LedAddress, ...]]:
        found: dict[str, tuple[LedAddress, ...]] = {}
        for shape in self._placement.signatures:
            here = []
            for pattern in self._patterns:
                loads = _loads(pattern, shape.loads)
                here += [(pattern, load) for load in loads[:1]]
                missing = [unheld(pattern.rule, load, self._survives(pattern)) for load in loads]
                if any(set(load.nodes) != set(loads[0].nodes) for load in loads):
                    missing.append("its components run on different nodes")
                for what in dict.fromkeys(m for m in missing if m is not None):
                    self._broken.setdefault((pattern, what), []).extend(shape.stations)
            for station in shape.stations:
                if here or station.addresses:
                    addresses = self._at(station, here)
                    if addresses:
                        found[station.name] = addresses
        return found

    def _survives(self, pattern: FailoverPattern) -> int:
        members = self._fleet.members(pattern.edition, pattern.rule.components)
        return max(component.settings.survives for component in members)

    def _at(
        self, station: Station, here: Sequence[tuple[FailoverPattern, PodLoad]]
    ) -> tuple[LedAddress, ...]:
        known = {address.name for address in station.addresses}
        found: dict[str, LedAddress] = {}
        for pattern, load in here:
            order = _order(pattern, load, station)
            if pattern.rule.addresses:
                without = [index for index in order if station.nodes[index].row.address is None]
                self._unaddressed.setdefault(pattern, []).extend((station, index) for index in without)
            for turn, name in enumerate(pattern.rule.addresses):
                if name not in known:
                    self._missing.setdefault((pattern, name), []).append(station)
                elif name in found:
                    self._twice.append((station, name, pattern))
                else:
                    # A ring: each address begins one node later.
                    turned = order if pattern.rule.form != "mutual" else (*order[turn:], *order[:turn])
                    found[name] = LedAddress(name, pattern, turned)
        self._idle += [(station, name) for name in sorted(known - found.keys())]
        return tuple([found[name] for name in sorted(found)])

    def report(self, sink: Sink) -> None:
        """Each cause once, at however many stations it shows."""
        for (pattern, what), stations in self._broken.items():
            sink.report(
                MP4100,
                f"{pattern.rule.form} does not hold at station {_named(stations)}: {what}",
                pattern.origin.span,
                related=[Related(f"station {s.name}", s.origin.span) for s in _first(stations)],
                hint="change replicas or the component's node selector, or the nodes of the station",
            )
        for (pattern, name), stations in self._missing.items():
            sink.report(
                MP4103,
                f'station {_named(stations)} has no virtual address "{name}"',
                pattern.origin.span,
                related=[Related(f"station {s.name}", s.origin.span) for s in _first(stations)],
                hint="add it to a table that the Province names under addresses",
            )
        for pattern, nodes in self._unaddressed.items():
            for station, index in nodes[:1]:
                sink.report(
                    MP4106,
                    f"node {station.nodes[index].name}{and_more(len(nodes) - 1, 'node')} may have a virtual address and has none itself",
                    station.nodes[index].origin.span,
                    related=[Related("this rule leads the address there", pattern.origin.span)],
                    hint="fill its column address",
                )
        for station in self.every():
            for address in station.addresses:
                if all(":" in text for text in address.row.addresses):
                    message = f'virtual address "{address.name}" of station {station.name} has none of IPv4'
                    place = address.origin.of("addresses").span
                    sink.report(MP4106, message, place, hint="add one of IPv4 that moves along")
        for station, name, pattern in self._twice:
            message = f'another rule leads the virtual address "{name}" of station {station.name} already'
            sink.report(MP4103, message, pattern.origin.span, hint="give each rule an address of its own")
        for station, name in self._idle:
            at = next(address.origin for address in station.addresses if address.name == name)
            message = f'nothing leads to the virtual address "{name}" of station {station.name}'
            sink.report(
                MP4105,
                message,
                at.of("name").span,
                hint="name it in topology of an Application, or remove it",
            )


def _loads(pattern: FailoverPattern, loads: Sequence[PodLoad]) -> list[PodLoad]:
    """The pods of its components, those of the first one first."""
    own = [load for load in loads if load.edition == pattern.edition]
    names = pattern.rule.components
    found = [load for load in own if not set(names).isdisjoint(load.members)]
    return sorted(found, key=lambda load: names[0] not in load.members)


def _order(pattern: FailoverPattern, load: PodLoad, station: Station) -> tuple[int, ...]:
    """Preferred nodes first; then by slot, which a replaced machine keeps, and by name."""
    prefer = pattern.rule.prefer

    def place(index: int) -> tuple[bool, str, int]:
        node = station.nodes[index]
        late = bool(prefer) and not node_fits(prefer, node, station)
        return late, node.row.slot or "", index

    return tuple(sorted(load.nodes, key=place))


def _first(stations: Sequence[Station]) -> list[Station]:
    return sorted(stations, key=lambda s: s.name)[:3]


def _named(stations: Sequence[Station]) -> str:
    return f"{_first(stations)[0].name}{and_more(len(stations) - 1, 'station')}"
