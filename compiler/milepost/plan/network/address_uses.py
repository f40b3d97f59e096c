"""Address uses of a LAN: what has which address there, and whether that can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from milepost.diagnostics import Code, Related, Severity, Sink
from milepost.model.fleet import Station
from milepost.model.networks import Lan, Network
from milepost.model.origin import Origin
from milepost.plan.network.parsed_addresses import number, parsed, span, subnet

MP4090 = Code(
    "MP4090",
    "address outside its station's subnets",
    "Nodes, routers, devices and virtual addresses of a station are on its LAN, and each has an address in one of the "
    "`subnets` that inventory gives it. One outside is not reached there.",
    "# stations.csv\nname,group,type,subnets\nyueyang,hn-g4,toll-station,10.43.1.0/24\n# nodes.csv\nname,station,profile,address\nyueyang-s1,yueyang,box,8.8.8.8\n",
)
MP4091 = Code(
    "MP4091",
    "address used twice on a LAN",
    "Two things on one LAN have the same address: each answers for the other now and then. Stations whose `subnets` "
    "overlap in one VLAN share a LAN.",
    "name,station,profile,address\nyueyang-s1,yueyang,box,10.43.1.11\nyueyang-s2,yueyang,box,10.43.1.11\n",
)
MP4092 = Code(
    "MP4092",
    "address that no host can have",
    "The first address of a subnet names the subnet, and the last one of IPv4 reaches everybody in it.",
    "name,station,addresses\ncameras,yueyang,10.43.1.255   # of 10.43.1.0/24\n",
)
MP4095 = Code(
    "MP4095",
    "address unlike those of its station",
    "All other nodes of the station have addresses that begin alike. Without `subnets` Milepost cannot know whether the "
    "odd one is on the same LAN.",
    "name,station,profile,address\na,yueyang,box,10.43.2.11\nb,yueyang,box,10.43.2.12\nc,yueyang,box,8.8.8.8\n",
    Severity.WARNING,
)
_ODD_AMONG = 3
"""Of two nodes nobody can say which is the odd one."""


class _Use(NamedTuple):
    """An address, what has it, and where that is said; ``column`` of ``origin``."""

    text: str
    what: str
    origin: Origin
    column: str

    @property
    def owner(self) -> str:
        return f"{self.text} of {self.what}"


def check(lan: Lan, sink: Sink) -> None:
    """Report addresses of ``lan`` that are outside, used twice, or no host's."""
    every: list[str] = []
    for station in lan.stations:
        texts = _texts(station)
        every += texts
        if station.row.subnets:
            _check_inside(station, texts, sink)
        else:
            _check_without_subnet(station, texts, sink)
    # Only then somebody has to be named: the usual LAN costs one set. One address of IPv6 is
    # written in many ways.
    if len(set(every)) < len(every) or any(":" in text for text in every):
        _check_twice(lan, sink)


def _texts(station: Station) -> list[str]:
    found = [node.row.address for node in station.nodes if node.row.address is not None]
    for address in station.addresses:
        found += address.row.addresses
    if station.row.gateways:
        found += station.row.gateways
    if station.devices:
        found += [device.row.address for device in station.devices if device.row.address is not None]
    return found


def _uses(station: Station) -> Iterator[_Use]:
    """In the order in which a clash is blamed: the later of two is the one to change."""
    for gateway in station.row.gateways:
        yield _Use(gateway, f"the gateway of station {station.name}", station.origin, "gateways")
    for node in station.nodes:
        if node.row.address is not None:
            yield _Use(node.row.address, f"node {node.name}", node.origin, "address")
    for device in station.devices:
        if device.row.address is not None:
            what = f'device "{device.name}" of station {station.name}'
            yield _Use(device.row.address, what, device.origin, "address")
    for address in station.addresses:
        for text in address.row.addresses:
            what = f'virtual address "{address.name}" of station {station.name}'
            yield _Use(text, what, address.origin, "addresses")


def _check_inside(station: Station, texts: Sequence[str], sink: Sink) -> None:
    spans = [span(text) for text in station.row.subnets]
    for text in dict.fromkeys(texts):
        version, value = number(text)
        if not any(v == version and first < value < last for v, first, last in spans):
            _report_place(station, [subnet(net) for net in station.row.subnets], text, sink)


def _report_place(station: Station, nets: Sequence[Network], text: str, sink: Sink) -> None:
    """An address that is outside of all subnets, or at the edge of one, where small ones have hosts as well."""
    address = parsed(text)
    within = [net for net in nets if address.version == net.version and address in net]
    place = Related(f"the subnets of station {station.name}", station.origin.of("subnets").span)
    if any(_host(address.packed, net) for net in within):
        return
    for use in [use for use in _uses(station) if use.text == text]:
        at = use.origin.of(use.column).span
        if not within:
            said = ", ".join(map(str, nets))
            hint = "correct the address, or add its subnet to the station"
            sink.report(MP4090, f"{use.owner} is in none of {said}", at, related=[place], hint=hint)
        else:
            kind = "names" if address == within[0].network_address else "is the broadcast address of"
            hint = "take an address between the first and the last of the subnet"
            sink.report(MP4092, f"{use.owner} {kind} {within[0]}", at, related=[place], hint=hint)


def _host(packed: bytes, net: Network) -> bool:
    """Whether a host of ``net`` may have the address: all of a link between two (RFC 3021, RFC 6164)."""
    if net.num_addresses <= 2:
        return True
    first, last = net.network_address.packed, net.broadcast_address.packed
    return packed != first and (net.version == 6 or packed != last)


def _check_without_subnet(station: Station, texts: Sequence[str], sink: Sink) -> None:
    """Virtual addresses need a prefix; of nodes one may look odd."""
    for address in station.addresses:
        sink.report(
            MP4090,
            f'virtual address "{address.name}" is at station {station.name}, which has no subnets',
            address.origin.of("addresses").span,
            related=[Related(f"station {station.name}", station.origin.span)],
            hint="fill the station's column subnets, such as 10.43.1.0/24",
        )
    # What is between two texts in their order begins with what both begin with.
    if len(texts) >= _ODD_AMONG and _start(min(texts)) != _start(max(texts)):
        _check_odd(station, sink)


def _start(text: str) -> str:
    """The first two numbers of an address of IPv4."""
    return text[: text.find(".", text.find(".") + 1)]


def _check_odd(station: Station, sink: Sink) -> None:
    found: dict[str, list[_Use]] = {}
    uses = [use for use in _uses(station) if use.column == "address" and "." in use.text]
    for use in uses:
        found.setdefault(_start(use.text), []).append(use)
    usual = max(found.values(), key=len)
    if len(uses) < _ODD_AMONG or len(usual) < len(uses) - 1:
        return
    odd = next(use for use in uses if use not in usual)
    sink.report(
        MP4095,
        f"{odd.owner} stands among addresses such as {usual[0].text}",
        odd.origin.of(odd.column).span,
        related=[Related(usual[0].owner, usual[0].origin.of(usual[0].column).span)],
        hint="correct it, or say the station's subnets",
    )


def _check_twice(lan: Lan, sink: Sink) -> None:
    first: dict[tuple[int, int], _Use] = {}
    for use in sorted(
        [use for station in lan.stations for use in _uses(station)],
        key=lambda use: ("gateways", "address", "addresses").index(use.column),
    ):
        known = first.setdefault(number(use.text), use)
        # Stations of one LAN name the same router.
        if known is use or (known.column == "gateways" == use.column):
            continue
        sink.report(
            MP4091,
            f"{use.owner} is the address of {known.what} as well",
            use.origin.of(use.column).span,
            related=[Related(known.owner, known.origin.of(known.column).span)],
            hint="give one of them another address of the LAN",
        )
