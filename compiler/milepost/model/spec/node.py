"""A row of ``nodes.csv``."""

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from milepost.model.origin import Scalar
from milepost.model.spec.base import (
    InventoryRow,
    LabelKey,
    LabelValue,
    Name,
    NodeName,
    ValueName,
    no_items,
    no_keys,
)

_OCTET = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
IPV4 = rf"^{_OCTET}(\.{_OCTET}){{3}}$"


Slot = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", max_length=16)]
"""Part of a DNS label: instances that keep data are named by it."""


class NodeRow(InventoryRow):
    """One edge computer.

    In CSV, a column `label:KEY` or `value:NAME` sets one label or value.
    """

    resolved: ClassVar = frozenset({"station", "profile", "roles", "access", "labels", "values"})

    name: NodeName = Field(description="Name in Kubernetes; unique in the province.")
    station: Name = Field(description="The station whose LAN it is on.")
    profile: Name = Field(description="Its HardwareProfile.")
    roles: list[Name] = Field(
        default_factory=no_items, description="What it is for; in CSV separated by spaces."
    )
    address: Annotated[str, StringConstraints(pattern=IPV4)] | None = Field(
        None, description="IPv4 address in the station's LAN."
    )
    slot: Slot | None = Field(
        None,
        description="Its place at the station, such as `0` or `a`, which stays when the machine is replaced. Where a "
        "StatefulSet has several instances, each belongs to a slot, and its data to the machine that is there.",
    )
    access: Name | None = Field(None, description="AccessProfile, where it differs from its station's.")
    labels: dict[LabelKey, LabelValue] = Field(default_factory=no_keys, description="Labels of this node.")
    values: dict[ValueName, Scalar] = Field(default_factory=no_keys, description="Values for templates.")
