"""What validate gives: the spec as written, each document a typed model beside the text that it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from milepost.model import spec
from milepost.model.document import Document, Source, Table
from milepost.model.origin import At
from milepost.model.spec.base import Scalar

K = TypeVar("K", bound=spec.Kind)


@dataclass(frozen=True, slots=True, eq=False)
class Written(Generic[K]):
    """A document that has the right shape."""

    model: K
    document: Document

    @property
    def name(self) -> str:
        return self.model.metadata.name

    @property
    def at(self) -> At:
        return At(self.document)


@dataclass(frozen=True, slots=True, eq=False)
class Spec:
    """Every shared document by kind and name, sorted by name; the lock file; the files that documents name."""

    fleet: Written[spec.Fleet]
    hardware_profiles: Mapping[str, Written[spec.HardwareProfile]]
    access_profiles: Mapping[str, Written[spec.AccessProfile]]
    images: Mapping[str, Written[spec.Image]]
    registry_tiers: Mapping[str, Written[spec.RegistryTier]]
    provinces: Mapping[str, Written[spec.Province]]
    station_groups: Mapping[str, Written[spec.StationGroup]]
    groups_of: Mapping[str, Mapping[str, Written[spec.StationGroup]]]
    """The same by province: there are fifty times as many as a province has."""
    node_groups: Mapping[str, Written[spec.NodeGroup]]
    applications: Mapping[str, Written[spec.Application]]
    releases: Mapping[str, Written[spec.Release]]
    policies: Mapping[str, Written[spec.Policy]]
    lock: spec.ImageLock | None
    source: Source


class WrittenStation(NamedTuple):
    """A row that has the shape of ``spec.StationRow``, field by field. A tuple: there are a hundred thousand rows."""

    name: str
    group: str
    type: str
    title: str | None
    stake: str | None
    parent: str | None
    access: str | None
    owners: Sequence[str]
    labels: Mapping[str, str]
    values: Mapping[str, Scalar]


class WrittenNode(NamedTuple):
    """A row that has the shape of ``spec.NodeRow``, field by field."""

    name: str
    station: str
    profile: str
    roles: Sequence[str]
    address: str | None
    access: str | None
    labels: Mapping[str, str]
    values: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True, eq=False)
class StationRows:
    """A table of stations that has the right shape; rows in the order of the file."""

    table: Table
    rows: Sequence[WrittenStation]


@dataclass(frozen=True, slots=True, eq=False)
class NodeRows:
    """A table of nodes that has the right shape; rows in the order of the file."""

    table: Table
    rows: Sequence[WrittenNode]


@dataclass(frozen=True, slots=True, eq=False)
class Inventory:
    """One province's tables."""

    province: Written[spec.Province]
    stations: tuple[StationRows, ...]
    nodes: tuple[NodeRows, ...]
