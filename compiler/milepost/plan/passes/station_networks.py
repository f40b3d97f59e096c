"""Station networks: every address on its LAN, none of them twice, and a VRID for each virtual address."""

from __future__ import annotations

from milepost.diagnostics import Sink
from milepost.model.fleet import Fleet, Station, VirtualAddress
from milepost.model.networks import Networks, VirtualRouter
from milepost.plan.network import address_uses, devices, vrids
from milepost.plan.network.lans import lans
from milepost.plan.network.parsed_addresses import number, parsed, span
from milepost.plan.pass_order import Role

ROLE = Role.DECIDES


def run(fleet: Fleet, sink: Sink) -> Networks:
    found = lans(fleet.province)
    for lan in found:
        address_uses.check(lan, sink)
        for station in lan.stations:
            if station.devices:
                devices.check(station, sink)
    with_addresses = tuple([lan for lan in found if any(station.addresses for station in lan.stations)])
    for lan in with_addresses:
        vrids.check(lan, sink)
    # An address outside of every subnet has no prefix, so there is nothing to go on with.
    if sink.failed:
        return Networks((), {})
    routers = {
        (station.name, address.name): _router(station, address)
        for lan in with_addresses
        for station in lan.stations
        for address in station.addresses
    }
    return Networks(with_addresses, routers)


def _router(station: Station, address: VirtualAddress) -> VirtualRouter:
    prefixes = tuple([_with_prefix(station, text) for text in address.row.addresses])
    return VirtualRouter(vrids.vrid(address), prefixes, address.row.interface or station.row.interface)


def _with_prefix(station: Station, text: str) -> str:
    """By the narrowest subnet that holds it."""
    version, value = number(text)
    lengths = [
        int(net.rpartition("/")[2])
        for net in station.row.subnets
        if (place := span(net))[0] == version and place[1] <= value <= place[2]
    ]
    return f"{parsed(text) if version == 6 else text}/{max(lengths)}"
