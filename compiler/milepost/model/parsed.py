"""The parsed spec: each document a typed model beside the text that it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from milepost.model import spec
from milepost.model.document import InventoryTable, SpecDocument, SpecSource
from milepost.model.origin import DocumentOrigin
from milepost.model.record import record

K = TypeVar("K", bound=spec.KindModel)


@record
class ParsedDocument(Generic[K]):
    """A document that has the right shape."""

    model: K
    document: SpecDocument

    @property
    def name(self) -> str:
        return self.model.metadata.name

    @property
    def at(self) -> DocumentOrigin:
        return DocumentOrigin(self.document)


@record
class ParsedSpec:
    """Every shared document by kind and name, sorted by name; the lock file; the files that documents name."""

    fleet: ParsedDocument[spec.FleetDocument]
    hardware_profiles: Mapping[str, ParsedDocument[spec.HardwareProfileDocument]]
    access_profiles: Mapping[str, ParsedDocument[spec.AccessProfileDocument]]
    images: Mapping[str, ParsedDocument[spec.ImageDocument]]
    registry_tiers: Mapping[str, ParsedDocument[spec.RegistryTierDocument]]
    provinces: Mapping[str, ParsedDocument[spec.ProvinceDocument]]
    station_groups: Mapping[str, ParsedDocument[spec.StationGroupDocument]]
    groups_of: Mapping[str, Mapping[str, ParsedDocument[spec.StationGroupDocument]]]
    """The same by province: there are fifty times as many as a province has."""
    node_groups: Mapping[str, ParsedDocument[spec.NodeGroupDocument]]
    applications: Mapping[str, ParsedDocument[spec.ApplicationDocument]]
    releases: Mapping[str, ParsedDocument[spec.ReleaseDocument]]
    editions: Mapping[str, ParsedDocument[spec.EditionDocument]]
    policies: Mapping[str, ParsedDocument[spec.PolicyDocument]]
    lock: spec.ImageLock | None
    source: SpecSource


@record
class StationTable:
    """A table of stations that has the right shape; its rows are row records, in the order of the file."""

    table: InventoryTable
    rows: Sequence[spec.StationRow]


@record
class NodeTable:
    """A table of nodes that has the right shape; its rows are row records, in the order of the file."""

    table: InventoryTable
    rows: Sequence[spec.NodeRow]


@record
class AddressTable:
    """A table of virtual addresses that has the right shape; its rows are row records, in the order of the file."""

    table: InventoryTable
    rows: Sequence[spec.VirtualAddressRow]


@record
class DeviceTable:
    """A table of devices that has the right shape; its rows are row records, in the order of the file."""

    table: InventoryTable
    rows: Sequence[spec.DeviceRow]


@record
class ParsedInventory:
    """One province's tables."""

    province: ParsedDocument[spec.ProvinceDocument]
    stations: tuple[StationTable, ...]
    nodes: tuple[NodeTable, ...]
    addresses: tuple[AddressTable, ...]
    devices: tuple[DeviceTable, ...]
