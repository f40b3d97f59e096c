"""Rows of ``addresses.csv`` and ``devices.csv``, and the forms of text that describe a station's network."""

from ipaddress import ip_address, ip_network
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from milepost.model import port
from milepost.model.spec.base import InventoryRow, Name, NodeName, informing, number_as_text, readable

WHOLE = r"^[1-9][0-9]{0,4}$"
IP = r"^[0-9a-fA-F.:]+$"
CIDR = r"^[0-9a-fA-F.:]+/[0-9]{1,3}$"
INTERFACE = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
DEVICE_FILE = r"^/dev/[^:\x00]*[^:\x00/]$"


def _whole(first: int, last: int, text: str) -> None:
    if not first <= int(text) <= last:
        raise ValueError(f"must be from {first} to {last}")


def _vlan(text: str) -> None:
    _whole(1, 4094, text)


def _vrid(text: str) -> None:
    _whole(1, 255, text)


def _port(text: str) -> None:
    _whole(1, port.LAST, text)


def _number(last: int) -> WithJsonSchema:
    """Text in CSV, a number in YAML."""
    return WithJsonSchema({"type": ["string", "integer"], "pattern": WHOLE, "minimum": 1, "maximum": last})


Vlan = Annotated[
    str,
    BeforeValidator(number_as_text),
    StringConstraints(pattern=WHOLE),
    readable(_vlan),
    _number(4094),
]
"""Number of a VLAN (IEEE 802.1Q), 1 to 4094."""

Vrid = Annotated[
    str,
    BeforeValidator(number_as_text),
    StringConstraints(pattern=WHOLE),
    readable(_vrid),
    _number(255),
]
"""Virtual router ID of VRRP (RFC 5798), 1 to 255."""

PortNumber = Annotated[
    str,
    BeforeValidator(number_as_text),
    StringConstraints(pattern=WHOLE),
    readable(_port),
    _number(port.LAST),
]
"""A TCP or UDP port in a table."""

IpAddress = Annotated[str, StringConstraints(pattern=IP, max_length=39), readable(ip_address)]
"""An IPv4 or IPv6 address, such as ``10.43.1.200`` or ``fd00:43::c8``."""

Subnet = Annotated[str, StringConstraints(pattern=CIDR, max_length=43), readable(ip_network)]
"""A network and the length of its prefix, such as ``10.43.1.0/24``; no bit is set behind the prefix."""

InterfaceName = Annotated[str, StringConstraints(pattern=INTERFACE, max_length=15)]
"""A network interface as Linux names it, such as ``eth0``."""

DevicePath = Annotated[str, StringConstraints(pattern=DEVICE_FILE, max_length=255)]
"""A device file."""


class VirtualAddressRow(InventoryRow):
    """An address of a station that is no node's own: cameras and other devices know it, and the node that serves has it."""

    resolved: ClassVar = frozenset({"station"})

    name: Name = Field(description="Unique at its station; `topology` of an Application names it.")
    station: Name = Field(description="The station on whose LAN it is.")
    addresses: Annotated[list[IpAddress], Field(min_length=1, max_length=8)] = Field(
        description="The address, in one of the station's `subnets`; in CSV several are separated by spaces, such as one "
        "of IPv4 and one of IPv6. They move together."
    )
    vrid: Vrid | None = Field(
        None,
        description="Virtual router ID of VRRP. Left out, it is the last number of the first address, so that no other "
        "address ever changes it.",
    )
    interface: InterfaceName | None = Field(
        None, description="Interface of its nodes, where it is not the station's `interface`."
    )


class DeviceRow(InventoryRow):
    """A device at a station that matters to what runs there: a camera, a lane controller, a serial line."""

    resolved: ClassVar = frozenset({"station"})

    name: Name = Field(description="Unique at its station.")
    station: Name = Field(description="The station that it stands at.")
    type: Name = Field(
        description=informing(
            "What it is, such as `camera`.", "templates and the table `devices` of `milepost query` have it"
        )
    )
    address: IpAddress | None = Field(
        None, description="Its address on the station's LAN; nothing else there may have it."
    )
    node: NodeName | None = Field(None, description="The node of the station that it is wired to.")
    path: DevicePath | None = Field(
        None, description="Its device file on that node, such as `/dev/ttyS0`; no other device has the same."
    )
    port: PortNumber | None = Field(
        None, description="TCP port of that node which it sends to; two devices may share one."
    )
