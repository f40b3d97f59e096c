"""The resolved fleet: names are things, nothing is inherited any more, nothing is optional by accident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from milepost.model.cluster_limits import SetLimits
from milepost.model.component_settings import ComponentSettings
from milepost.model.edge_settings import CloudCoreSettings, EdgeSettings, NodeUpgradeSettings
from milepost.model.extra_objects import ExtraObject
from milepost.model.locked_images import LockedImage
from milepost.model.matchers import FailoverRule, NodeMatcher, PlacementRule, StationMatcher
from milepost.model.origin import DocumentOrigin, Origin, RowOrigin, Scalar, Setting
from milepost.model.pod_template import Template
from milepost.model.province_settings import (
    CloudSettings,
    ClusterVersions,
    PrepullSettings,
    RoadStretch,
    SyncSettings,
)
from milepost.model.record import record
from milepost.model.spec.network import DeviceRow, VirtualAddressRow
from milepost.model.spec.node import NodeRow
from milepost.model.spec.station import StationRow
from milepost.model.tier_settings import TierSettings
from milepost.model.values_schema import ValuesSchema

Settings = Mapping[str, Setting]
"""Inherited values with the level that set each; shared between neighbours that set nothing themselves."""


class Rights(NamedTuple):
    """Teams and what they may do at a level and all below; those of the farthest level first.

    Who owns need not stand among those who approve or read: owning is both.
    """

    owners: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """Code owners: whoever must look at a change."""
        # A dict for its order: the names are written into CODEOWNERS.
        return tuple(dict.fromkeys([*self.owners, *self.approvers]))

    @property
    def looking(self) -> tuple[str, ...]:
        """Readers who are not owners as well."""
        # Owners read already; a second binding would be a second place to take the right away.
        return tuple(team for team in self.readers if team not in self.owners)


NOBODY = Rights()


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """A kind of line; rates in bits a second, outage in seconds, the round trip in milliseconds."""

    name: str
    line: str
    medium: str
    down: int
    up: int
    outage: int
    latency: int
    loss: float
    """Part of the packets."""
    transport: str
    management_share: float
    monthly_volume: int | None
    """Bytes in 30 days, where the line is metered."""
    proxy: LineProxy | None
    origin: DocumentOrigin


class LineProxy(NamedTuple):
    """The proxy of image pulls, and what is asked without it."""

    pulls: str
    direct: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A model of edge computer; CPU in millicores, memory and disk in bytes, reserved parts taken off separately."""

    name: str
    vendor: str
    model: str
    architecture: str
    cpu: int
    memory: int
    disk: int
    reserved_cpu: int
    reserved_memory: int
    reserved_disk: int
    origin: DocumentOrigin


@record
class Node:
    """One edge computer. ``labels`` are all that it must carry, inherited ones included; ``row`` is what inventory says."""

    name: str
    row: NodeRow
    profile: Profile
    roles: tuple[str, ...]
    access: Access | None
    labels: Settings
    values: Settings
    origin: Origin


@record
class VirtualAddress:
    """An address of a station that moves between its nodes. ``row`` is what inventory says of it."""

    name: str
    row: VirtualAddressRow
    origin: RowOrigin


@record
class Device:
    """A camera, a lane controller or a serial line at a station. ``row`` is what inventory says of it."""

    name: str
    row: DeviceRow
    origin: RowOrigin


@record
class Station:
    """A site; its nodes, sorted by name, share one LAN. ``row`` is what inventory says of it."""

    name: str
    group: str
    type: str
    row: StationRow
    access: Access | None
    rights: Rights
    labels: Settings
    values: Settings
    nodes: tuple[Node, ...]
    origin: Origin
    addresses: tuple[VirtualAddress, ...] = ()
    """Sorted by name."""
    devices: tuple[Device, ...] = ()
    """Sorted by name."""


@dataclass(frozen=True, slots=True, eq=False)
class StationGroup:
    """A road section: the unit of rollout, ownership, namespace and blast radius. Stations sorted by name."""

    name: str
    road: RoadStretch
    rights: Rights
    labels: Settings
    values: Settings
    budgets: Settings
    stations: tuple[Station, ...]
    objects: tuple[ExtraObject, ...]
    origin: DocumentOrigin


@dataclass(frozen=True, slots=True, eq=False)
class Province:
    """One cluster. Station groups sorted by name."""

    name: str
    cluster: ClusterVersions
    cloud: CloudSettings
    sync: SyncSettings
    prepull: PrepullSettings
    cloudcore: CloudCoreSettings | None
    """None where nobody said how nodes find it: then nothing is rendered for machines but labels and hosts.toml."""
    edge: EdgeSettings
    node_upgrade: NodeUpgradeSettings | None
    rights: Rights
    values: Settings
    groups: tuple[StationGroup, ...]
    objects: tuple[ExtraObject, ...]
    origin: DocumentOrigin


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """One or several repositories, and the locked digests of each version.

    ``locked`` maps a version to its entries, one per repository.
    """

    name: str
    repositories: Mapping[str, str]
    """Architecture to repository; the key ``""`` stands for a multi-architecture repository."""
    versions: tuple[str, ...]
    locked: Mapping[str, tuple[LockedImage, ...]]
    origin: DocumentOrigin

    def digest(self, version: str, repository: str) -> str:
        """The locked digest of one repository's version. Raises StopIteration where the images pass was skipped."""
        return next(entry.digest for entry in self.locked[version] if entry.repository == repository)


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """One workload of an application, with everything that it names at hand."""

    application: str
    edition: str
    """The key of the edition of the application that it is a part of."""
    settings: ComponentSettings
    image: Image
    selector: tuple[NodeMatcher, ...]
    """Its own node selector and those of the NodeGroups that it names; all must fit."""
    templates: Mapping[str, str]
    """Path of a config file in the container to the text of its template."""
    pod: Template | None
    """The pod template of the existing manifest that it starts from."""
    origin: DocumentOrigin

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def every_node(self) -> bool:
        """Whether it runs on every matching node, also on one that nobody has told of: then it is a DaemonSet."""
        return self.settings.replicas == "every-node"

    @property
    def on_all_nodes(self) -> bool:
        """Whether it runs on every matching node of the inventory."""
        return isinstance(self.settings.replicas, str)

    @property
    def workload(self) -> str:
        return self.settings.workload


class FrozenValues(NamedTuple):
    """Values that an edition goes on reading, by the place that they are for."""

    provinces: Mapping[str, Mapping[str, Scalar]] = {}
    groups: Mapping[str, Mapping[str, Scalar]] = {}
    stations: Mapping[str, Mapping[str, Scalar]] = {}

    def over(self, values: Mapping[str, Scalar], province: str, station: Station) -> dict[str, Scalar]:
        """``values`` of a station as they were: the narrowest place counts."""
        return {
            **values,
            **self.provinces.get(province, {}),
            **self.groups.get(station.group, {}),
            **self.stations.get(station.name, {}),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Application:
    """Components that make one system; ``versions`` maps a version to the tag of each image.

    What people edit is one; what a release froze, for groups that have not switched, is another one of the same name.
    """

    name: str
    frozen: str | None
    """The version whose edition it is; None for what people edit."""
    values: FrozenValues
    """Of an edition: what its templates go on reading."""
    place: str
    """``station``, or ``province``: then its stations are nobody's business."""
    provinces: tuple[str, ...]
    """Where it runs with place ``province``; empty for all."""
    stations: StationMatcher
    version: str
    together: bool
    """Whether all groups that run ``version`` share one file of pins."""
    versions: Mapping[str, Mapping[str, str]]
    components: tuple[Component, ...]
    topology: tuple[tuple[PlacementRule, DocumentOrigin], ...]
    failovers: tuple[tuple[FailoverRule, DocumentOrigin], ...]
    values_schema: ValuesSchema | None
    """Of the values that its templates read; others are none of its business."""
    objects: tuple[ExtraObject, ...]
    """None of an edition: what people edit has them, whatever version runs."""
    origin: DocumentOrigin
    at: DocumentOrigin
    """Where its definition stands in the document."""

    @property
    def key(self) -> str:
        """Tells editions of an application apart; no name has an ``@``."""
        return self.name if self.frozen is None else f"{self.name}@{self.frozen}"

    def release(self, version: str) -> str:
        """The folder below ``releases/`` that pins a version's images, for those who run it."""
        # Where the name does not change with the version, neither does any file that names it.
        shared = self.together and version == self.version
        return f"{self.name}-current" if shared else f"{self.name}-{version}"

    @property
    def at_stations(self) -> bool:
        return self.place == "station"

    def runs_in(self, province: str) -> bool:
        """Whether it runs in the cluster of ``province``, beside the stations."""
        return not self.at_stations and (not self.provinces or province in self.provinces)


@dataclass(frozen=True, slots=True, eq=False)
class Wave:
    """Station groups of any province that move together."""

    name: str
    groups: frozenset[str]
    window: int | None
    """Seconds that its pre-pull may take, where the wave says so itself."""
    together: bool
    """Whether one commit pre-pulls and switches."""
    attempt: int
    may_be_empty: bool
    """Whether its groups may have no station."""
    origin: DocumentOrigin


NO_VERSION = "none"
"""Where a release starts from, or goes to, when the application runs in no station group before, or after."""


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """A move of an application; waves in order: the first ``prepulled`` of them pull, the first ``switched`` moved, and
    the first ``applied`` wait for no pre-pull any more.
    """

    name: str
    application: str
    start: str
    to: str
    waves: tuple[Wave, ...]
    prepulled: int
    switched: int
    applied: int
    without_prepull: str | None
    rollback: bool
    origin: DocumentOrigin

    def state(self, number: int) -> str:
        """How far a wave has come, as people read it."""
        passed = {"applied": self.applied, "switched": self.switched, "pre-pulled": self.prepulled}
        return next((state for state, count in passed.items() if number < count), "waiting")

    @property
    def base(self) -> str:
        """The version of groups that are in no wave: a rollback is the same release read the other way."""
        return self.to if self.rollback else self.start

    @property
    def versions(self) -> frozenset[str]:
        """What it goes from and to."""
        return frozenset({self.start, self.to}) - {NO_VERSION}

    def version(self, group: str) -> str:
        """The version that runs in ``group``, or ``NO_VERSION``."""
        for number, wave in enumerate(self.waves):
            if group in wave.groups:
                return self.to if number < self.switched else self.start
        return self.base


@dataclass(frozen=True, slots=True, eq=False)
class Tier:
    """One tier of registry mirrors; its endpoint still holds the names of places as ``{province}`` and the like."""

    name: str
    settings: TierSettings
    image: Image | None
    """What the mirror runs, where Milepost runs it."""
    selector: tuple[NodeMatcher, ...]
    """The nodes that the mirror may run on; all must fit."""
    origin: DocumentOrigin


@dataclass(frozen=True, slots=True, eq=False)
class NodeGroup:
    """Nodes by property."""

    name: str
    selector: tuple[NodeMatcher, ...]
    """Its own and those of the node groups that it names; all must fit."""
    origin: DocumentOrigin


@dataclass(frozen=True, slots=True, eq=False)
class FailoverDaemon:
    """What moves virtual addresses between nodes: an image with keepalived, and the Secret that its peers share."""

    image: Image
    version: str
    secret: str | None
    origin: DocumentOrigin

    @property
    def locked(self) -> LockedImage | None:
        """None where the version is not locked, which is reported with all images."""
        entries = self.image.locked.get(self.version, ())
        return next((e for e in entries if e.repository == self.image.repositories.get("")), None)


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """What all provinces share: the part of the fleet that is not inventory."""

    name: str
    label_domain: str
    levels: tuple[str, ...]
    roles: tuple[str, ...]
    station_types: Mapping[str, str]
    """Station type to level."""
    partition: str | None
    """What KubeEdge's NodeGroups follow: ``station-group``, ``station``, or nothing."""
    values_schema: ValuesSchema | None
    applications: tuple[Application, ...]
    """What people edit; one a name."""
    editions: tuple[Application, ...]
    """What releases froze; one a name and version."""
    releases: tuple[Release, ...]
    images: Mapping[str, Image]
    tiers: tuple[Tier, ...]
    failover: FailoverDaemon | None
    node_groups: tuple[NodeGroup, ...]
    """Those by property."""
    policies: tuple[tuple[int, DocumentOrigin], ...]
    """The most objects in one unit that each policy allows."""
    cluster_limits: tuple[SetLimits, ...]
    """What each policy says of how large a cluster may be."""
    acknowledged: frozenset[str]
    """Paths in the rendered tree whose removal was looked at."""
    origin: DocumentOrigin


@dataclass(frozen=True, eq=False)
class Fleet:
    """One province as meant, and what it shares with the others. Provinces never see each other."""

    catalog: Catalog
    province: Province

    @cached_property
    def editions(self) -> tuple[Application, ...]:
        """Every definition of every application, by name: of each what people edit, then what a release froze.

        So an edition stands where its application does, and what several applications share keeps its order.
        """
        every = (*self.catalog.applications, *self.catalog.editions)
        return tuple(sorted(every, key=lambda edition: edition.name))

    @cached_property
    def components(self) -> Mapping[tuple[str, str], Component]:
        """By key of the edition and component name."""
        return {(c.edition, c.name): c for a in self.editions for c in a.components}

    @cached_property
    def groups(self) -> Mapping[str, StationGroup]:
        """The province's station groups by name."""
        return {group.name: group for group in self.province.groups}

    def application(self, name: str) -> Application:
        """Raises StopIteration where there is none."""
        return next(a for a in self.catalog.applications if a.name == name)

    @cached_property
    def _by_key(self) -> Mapping[str, Application]:
        return {edition.key: edition for edition in self.editions}

    def edition(self, name: str, version: str) -> Application:
        """The definition by which ``version`` of an application runs. Raises KeyError where there is no application."""
        return self._by_key.get(f"{name}@{version}") or self._by_key[name]

    def of_key(self, key: str) -> Application:
        """The edition of a key, which a workload carries. Raises KeyError."""
        return self._by_key[key]

    def editions_of(self, name: str) -> tuple[Application, ...]:
        """Every definition of one application, what people edit first."""
        return tuple([edition for edition in self.editions if edition.name == name])

    def members(self, edition: str, names: Iterable[str]) -> tuple[Component, ...]:
        """Components of one edition, which is given by its key, by name."""
        return tuple([self.components[edition, name] for name in names])


def plain(settings: Settings) -> dict[str, Scalar]:
    """The values alone, without who set them."""
    return {key: setting.value for key, setting in settings.items()}
