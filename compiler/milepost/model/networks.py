"""Station networks as planned: LANs, and the VRRP router of every virtual address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import NamedTuple

from milepost.model.fleet import Station, VirtualAddress

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

VRIDS = 255
"""Virtual router IDs of one LAN (RFC 5798): 1 to 255. One that has only addresses of IPv6 counts too: peers talk IPv4."""


@dataclass(frozen=True, slots=True, eq=False)
class Lan:
    """Stations whose nodes hear each other: one, or several whose subnets overlap. Sorted by name."""

    stations: tuple[Station, ...]

    @property
    def addresses(self) -> tuple[VirtualAddress, ...]:
        """The virtual addresses of all of its stations."""
        return tuple([address for station in self.stations for address in station.addresses])


class VirtualRouter(NamedTuple):
    """What VRRP is told of a virtual address: its number on the LAN, and its addresses with their prefixes."""

    vrid: int
    prefixes: tuple[str, ...]
    """Such as ``10.43.1.200/24``."""
    interface: str | None
    """None where each node finds the interface that has its own address."""


class Networks(NamedTuple):
    """The networks of a province's stations."""

    lans: tuple[Lan, ...]
    """Those with virtual addresses."""
    routers: Mapping[tuple[str, str], VirtualRouter]
    """By the names of a station and of one of its virtual addresses."""
