"""A row of ``stations.csv``."""

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from milepost.model import stake_mark
from milepost.model.origin import Scalar
from milepost.model.spec.base import InventoryRow, LabelKey, LabelValue, Name, ValueName, no_items, no_keys
from milepost.model.spec.network import InterfaceName, IpAddress, Subnet, Vlan

Stake = Annotated[str, StringConstraints(pattern=stake_mark.FORM)]
"""A stake mark: kilometre and metre, such as ``K1234+500``, ``ZK1511+200.50`` or, on a ramp, ``AK0+123``."""


class StationRow(InventoryRow):
    """A site whose nodes share one LAN: a toll station, a gantry, a service area.

    In CSV, a column `label:KEY` or `value:NAME` sets one label or value.
    """

    resolved: ClassVar = frozenset({"access", "owners", "labels", "values"})

    name: Name = Field(description="Unique in the province; becomes part of object names, so keep it short.")
    group: Name = Field(description="The StationGroup it belongs to.")
    type: Name = Field(description="One of the fleet's `stationTypes`.")
    title: str | None = Field(None, max_length=100, description="What people call it.")
    stake: Stake | None = Field(None, description="Where on the road it stands, such as `K1234+500`.")
    parent: Name | None = Field(
        None, description="The station that manages it; labels and values are inherited from there."
    )
    access: Name | None = Field(None, description="AccessProfile of its line.")
    subnets: list[Subnet] = Field(
        default_factory=no_items,
        description="Networks of its LAN, such as `10.43.1.0/24`; in CSV separated by spaces. Its nodes and virtual "
        "addresses must be in one of them. Stations of one province whose subnets overlap share a LAN.",
    )
    gateways: list[IpAddress] = Field(
        default_factory=no_items,
        description="Addresses of the routers on its LAN; in CSV separated by spaces. Nothing else may have them.",
    )
    interface: InterfaceName | None = Field(
        None,
        description="Interface of its nodes on that LAN. Left out, each node finds the one that has its own address.",
    )
    vlan: Vlan | None = Field(
        None, description="VLAN of its LAN. Equal subnets in different VLANs are different LANs."
    )
    owners: list[str] = Field(
        default_factory=no_items,
        description="Teams; in CSV separated by spaces. Code owners of the station's files in the rendered tree; rights in "
        "the cluster are given by the road section, whose namespace the station is in.",
    )
    labels: dict[LabelKey, LabelValue] = Field(default_factory=no_keys, description="Labels of its nodes.")
    values: dict[ValueName, Scalar] = Field(default_factory=no_keys, description="Values for templates.")
